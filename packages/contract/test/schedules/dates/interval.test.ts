import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromEpoch, timestamp, toEpoch } from '../../../src/index.ts';
import { scheduleDates } from '../../../src/schedules/index.ts';
import { clockChange, momentsOnClock } from './clock-changes.ts';

const day = 86_400;
const anchorText = (second: number) => new Date(second * 1000).toISOString().replace('Z', '+00:00');

test('intervals under a day are constant in UTC across every clock change', () => {
  const property = fc.property(
    clockChange,
    fc.integer({ min: 60, max: day - 1 }),
    fc.integer({ min: -3 * day, max: 3 * day }),
    (change, interval, distance) => {
      const [from, until] = [change.second - day, change.second + day];
      const anchor = change.second + distance;
      const schedule = { interval, anchor_date: anchorText(anchor), timezone: change.zone };
      const dates = scheduleDates(schedule, {
        now: fromEpoch(from, 0),
        end: fromEpoch(until, 0),
        limit: 1002,
      });
      const expected: number[] = [];
      const first = anchor + Math.ceil((from - anchor) / interval) * interval;
      for (let second = first; second <= until && expected.length < 1002; second += interval)
        expected.push(second);
      assert.deepEqual(
        dates.map((date) => toEpoch(date).seconds),
        expected,
      );
    },
  );
  fc.assert(property, { numRuns: 200 });
});

test('intervals of a day and more keep local time across every clock change, however old the anchor', () => {
  const property = fc.property(
    clockChange,
    fc.oneof(fc.constantFrom(day, 2 * day, 7 * day), fc.integer({ min: day, max: 3 * day })),
    fc.integer({ min: -40, max: 40 }),
    fc.integer({ min: 0, max: day - 1 }),
    (change, interval, days, time) => {
      const [from, until] = [change.second - 20 * day, change.second + 20 * day];
      const anchor = change.second + days * day + time;
      const zoned = Temporal.Instant.fromEpochMilliseconds(anchor * 1000).toZonedDateTimeISO(change.zone);
      const wall = anchor + zoned.offsetNanoseconds / 1e9;
      const walls: number[] = [];
      const first = wall + Math.floor((from - 3 * day - wall) / interval) * interval;
      for (let at = first; at <= until + 3 * day; at += interval) walls.push(at);
      const dates = scheduleDates(
        { interval, anchor_date: anchorText(anchor), timezone: change.zone },
        { now: fromEpoch(from, 0), end: fromEpoch(until, 0) },
      );
      assert.deepEqual(
        dates.map((date) => toEpoch(date).seconds),
        momentsOnClock(change.zone, walls, from, until),
      );
    },
  );
  fc.assert(property, { numRuns: 300 });
});

const now = timestamp('2023-01-01 00:00:00.250000');

test('an interval without an anchor counts from now', () => {
  assert.deepEqual(scheduleDates({ interval: 60 }, { now, limit: 2 }), [now, '2023-01-01 00:01:00.250000']);
});

test('fractions of a second add up exactly, from any anchor', () => {
  const dates = scheduleDates(
    { interval: 0.1, anchor_date: '0001-01-01T00:00:00+00:00' },
    { now, limit: 1000 },
  );
  assert.equal(dates[0], '2023-01-01 00:00:00.300000');
  assert.equal(dates[999], '2023-01-01 00:01:40.200000');
});

test('an anchor in the future also counts backwards, and an anchor without an offset is in UTC', () => {
  const schedule = { interval: 7200, anchor_date: '2030-01-01T01:00:00', timezone: null };
  assert.deepEqual(scheduleDates(schedule, { now }), ['2023-01-01 01:00:00.000000']);
});

test('an interval in its stored notation is read', () => {
  assert.equal(scheduleDates({ interval: JSON.rawJSON('3600.0') }, { now, limit: 2 }).length, 2);
});

test('intervals past the last date terminate', () => {
  assert.deepEqual(scheduleDates({ interval: 8.6e13, anchor_date: '2020-01-01T00:00:00Z' }, { now }), []);
  assert.throws(() => scheduleDates({ interval: 0 }, { now }), RangeError);
});
