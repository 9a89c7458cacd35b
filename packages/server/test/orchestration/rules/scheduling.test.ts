import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addSeconds } from '@mintaka/contract';
import { inState, now, proposeForFlow, proposeForTask } from '../setup.ts';

const later = addSeconds(now, 60);

test('a pending run keeps the scheduled time, so that it still waits for it', async () => {
  const current = inState('SCHEDULED', { scheduled_time: later });
  const { state } = await proposeForFlow({ current, proposal: { type: 'PENDING' } });
  assert.equal(state?.state_details.scheduled_time, later);
});

test("a scheduled time in the proposal takes precedence over the run's", async () => {
  const current = inState('SCHEDULED', { scheduled_time: later });
  const proposal = { type: 'PENDING', state_details: { scheduled_time: now } } as const;
  const { state } = await proposeForTask({ current, proposal });
  assert.equal(state?.state_details.scheduled_time, now);
});

test('a client that starts too early is told how long to wait, in whole seconds, with a half rounded down', async () => {
  for (const [ahead, seconds] of [
    [0.500001, 1],
    [1.5, 1],
    [1.500001, 2],
    [90061.6, 90062],
  ] as const) {
    const scheduled_time = addSeconds(now, ahead);
    for (const type of ['SCHEDULED', 'PENDING'] as const) {
      const current = inState(type, { scheduled_time });
      const result = await proposeForFlow({ current, proposal: { type: 'RUNNING' } });
      assert.equal(result.status, 'WAIT');
      assert.deepEqual(result.details, {
        type: 'wait_details',
        delay_seconds: seconds,
        reason: 'Scheduled time is in the future',
      });
      assert.equal(result.state, undefined);
      assert.deepEqual(result.patch, {});
    }
  }
});

test('a run that is due, or due within half a second, starts', async () => {
  for (const ahead of [-100, -0.6, 0, 0.5]) {
    const current = inState('PENDING', { scheduled_time: addSeconds(now, ahead) });
    const { status } = await proposeForTask({ current, proposal: { type: 'RUNNING' } });
    assert.equal(status, 'ACCEPT', `${ahead}`);
  }
});

test('a forced start does not wait', async () => {
  const current = inState('SCHEDULED', { scheduled_time: later });
  const { status } = await proposeForFlow({ current, proposal: { type: 'RUNNING' }, force: true });
  assert.equal(status, 'ACCEPT');
});
