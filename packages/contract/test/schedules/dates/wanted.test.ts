import assert from 'node:assert/strict';
import { test } from 'node:test';
import { timestamp } from '../../../src/index.ts';
import { type ScheduleDefinition, scheduleDates, type Wanted } from '../../../src/schedules/index.ts';

const schedules: ScheduleDefinition[] = [
  { interval: 60, anchor_date: '2020-01-01T00:00:00+00:00', timezone: 'UTC' },
  { cron: '* * * * *', timezone: null, day_or: true },
  { rrule: 'DTSTART:20200101T000000\nRRULE:FREQ=MINUTELY', timezone: 'UTC' },
];
const now = timestamp('2023-01-01 00:00:00.000000');

for (const schedule of schedules) {
  const [kind] = Object.keys(schedule);
  const dates = (wanted: Partial<Wanted>) => scheduleDates(schedule, { now, ...wanted });

  test(`${kind}: the start and the end can be dates`, () => {
    assert.deepEqual(dates({ end: timestamp('2023-01-01 00:01:00.000000'), limit: 5 }), [
      '2023-01-01 00:00:00.000000',
      '2023-01-01 00:01:00.000000',
    ]);
    const late = timestamp('2023-01-01 00:00:00.000001');
    assert.deepEqual(dates({ start: late, end: timestamp('2023-01-01 00:00:59.999999') }), []);
    assert.deepEqual(dates({ start: late }), ['2023-01-01 00:01:00.000000']);
  });

  test(`${kind}: without a limit there is one date, or a thousand before an end`, () => {
    assert.equal(dates({}).length, 1);
    assert.equal(dates({ end: timestamp('2024-01-01 00:00:00.000000') }).length, 1000);
    assert.equal(dates({ limit: 0 }).length, 1);
    assert.equal(dates({ limit: 5000 }).length, 1002);
  });

  test(`${kind}: the last possible dates end without an error`, () => {
    const start = timestamp('9999-12-31 23:58:30.000000');
    assert.deepEqual(dates({ start, limit: 5 }), ['9999-12-31 23:59:00.000000']);
  });
}
