import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addSeconds, jsonText, secondsBetween, timestamp } from '@mintaka/contract';
import { dateOnClock, newWork } from '@mintaka/contract/schedules';
import fc from 'fast-check';
import {
  type Horizon,
  laterBy,
  planInSteps,
  type ScheduledDeployment,
} from '../../../src/domain/scheduling/planned-runs.ts';

const now = timestamp('2026-06-01 12:00:00.000000');

function deployment(interval: number): ScheduledDeployment {
  return {
    id: 'a deployment',
    flow_id: 'a flow',
    schedule: jsonText({ interval, anchor_date: '2026-01-01T00:00:00+00:00', timezone: 'UTC' }),
    updated: now,
    parameters: jsonText({}),
    tags: jsonText([]),
    work_queue_name: null,
    work_queue_id: null,
    infrastructure_document_id: null,
  };
}

function planRuns(planned: ScheduledDeployment, horizon: Horizon) {
  const steps = planInSteps(planned, horizon, newWork());
  let next = steps.next();
  while (!next.done) next = steps.next();
  return next.value;
}

test('no plan is longer than necessary, and none is shorter than required', () => {
  const bounds = fc.record({
    interval: fc.integer({ min: 30, max: 100_000 }),
    span: fc.integer({ min: 0, max: 500_000 }),
    minTime: fc.integer({ min: -10, max: 50_000 }),
    minRuns: fc.integer({ min: -1, max: 20 }),
    maxRuns: fc.integer({ min: -1, max: 30 }),
  });
  fc.assert(
    fc.property(bounds, ({ interval, span, minTime, minRuns, maxRuns }) => {
      const end = addSeconds(now, span);
      const runs = planRuns(deployment(interval), { now, start: now, end, minTime, minRuns, maxRuns });
      const dates = runs.map((run) => run.date);
      assert.ok(runs.length <= Math.max(maxRuns, 1));
      assert.ok(dates.every((date) => date >= now && date <= end));
      assert.ok(
        dates.every(
          (date, index) => index === 0 || secondsBetween(dates[index - 1] ?? now, date) === interval,
        ),
      );
      const isEnough = (count: number) =>
        count >= minRuns && count > 0 && secondsBetween(now, dates[count - 1] ?? now) >= minTime;
      assert.ok(!isEnough(runs.length - 1), 'one less would be enough');
      const next = addSeconds(dates.at(-1) ?? end, interval);
      const mayBeMore = runs.length < maxRuns && next <= end && runs.length > 0;
      assert.ok(isEnough(runs.length) || !mayBeMore, 'one more was allowed');
    }),
  );
});

test("a run is identified by its deployment and its date in the schedule's local time", () => {
  const horizon = { now, start: now, end: addSeconds(now, 86_400), minTime: 0, minRuns: 1, maxRuns: 1 };
  const [run] = planRuns(deployment(3600), horizon);
  assert.equal(run?.key, 'scheduled a deployment 2026-06-01T12:00:00+00:00');
});

test('a date in local time has the zone’s offset', () => {
  const shown: [date: string, zone: string | null, text: string][] = [
    ['2026-01-01 14:00:00.000000', 'America/New_York', '2026-01-01T09:00:00-05:00'],
    ['2026-07-01 13:00:00.250000', 'America/New_York', '2026-07-01T09:00:00.250000-04:00'],
    ['2026-01-01 00:00:00.000000', 'Asia/Kolkata', '2026-01-01T05:30:00+05:30'],
    ['2026-01-01 00:00:00.000000', null, '2026-01-01T00:00:00+00:00'],
    ['1890-01-01 00:00:00.000000', 'Europe/Berlin', '1890-01-01T00:53:28+00:53:28'],
  ];
  for (const [date, zone, text] of shown) assert.equal(dateOnClock(timestamp(date), zone), text);
});

test('a time beyond the last year is the last possible one', () => {
  assert.equal(laterBy(now, 60), '2026-06-01 12:01:00.000000');
  assert.equal(laterBy(now, 1e12), '9999-12-31 23:59:59.999999');
});
