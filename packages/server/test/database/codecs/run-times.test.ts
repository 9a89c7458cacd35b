import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { addSeconds, STATE_TYPES, type StateType, TERMINAL_STATE_TYPES, timestamp } from '@mintaka/contract';
import { estimatedRunTime, estimatedStartTimeDelta } from '../../../src/database/codecs/run-times.ts';

const now = timestamp('2026-03-01 12:00:00.500000');
const ago = (seconds: number) => addSeconds(now, -seconds);

describe('the estimated run time', () => {
  const run = { state_timestamp: ago(2.000001), total_run_time: 0.1 };

  test('grows while a run is running, exact to the microsecond', () => {
    assert.equal(estimatedRunTime({ ...run, state_type: 'RUNNING' }, now), 2.100001);
  });

  test('is never negative, even if the clock was set back since the run started', () => {
    assert.equal(estimatedRunTime({ ...run, state_type: 'RUNNING' }, addSeconds(now, -60)), 0);
  });

  test('is the total of a run in any other state', () => {
    for (const state_type of [...STATE_TYPES, null].filter((type) => type !== 'RUNNING')) {
      assert.equal(estimatedRunTime({ ...run, state_type }, now), 0.1);
    }
  });
});

describe('the estimated lateness', () => {
  const late = (state_type: StateType | null, start: number | null, expected: number | null) =>
    estimatedStartTimeDelta(
      {
        state_type,
        start_time: start === null ? null : ago(start),
        expected_start_time: expected === null ? null : ago(expected),
      },
      now,
    );

  test('of a run that started late is its delay', () => {
    assert.equal(late('COMPLETED', 1, 4.5), 3.5);
  });

  test('of a run that started in time or early is zero', () => {
    assert.equal(late('COMPLETED', 4, 4), 0);
    assert.equal(late('COMPLETED', 5, 4), 0);
  });

  test('of a waiting run grows from its expected start', () => {
    assert.equal(late('SCHEDULED', null, 7), 7);
    assert.equal(late(null, null, 7), 7);
    assert.equal(late('SCHEDULED', null, -7), 0);
  });

  test('of a run that ended without a start is zero', () => {
    for (const type of TERMINAL_STATE_TYPES) assert.equal(late(type, null, 7), 0);
  });

  test('of a run without an expected start is zero', () => {
    assert.equal(late('RUNNING', 1, null), 0);
    assert.equal(late('SCHEDULED', null, null), 0);
  });
});
