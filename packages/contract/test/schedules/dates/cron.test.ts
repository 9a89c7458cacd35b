import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromEpoch, timestamp } from '../../../src/index.ts';
import { scheduleDates } from '../../../src/schedules/index.ts';
import { type ClockChange, clockChange, momentsOnClock, offsetsAround } from './clock-changes.ts';

/** A field as the set of its values, or everything. */
type Values = readonly number[] | undefined;

function field(low: number, high: number): fc.Arbitrary<Values> {
  return fc.option(fc.uniqueArray(fc.integer({ min: low, max: high }), { minLength: 1, maxLength: 12 }), {
    nil: undefined,
    freq: 1,
  });
}

const spell = (values: Values): string => values?.join(',') ?? '*';
const allows = (values: Values, value: number): boolean => values === undefined || values.includes(value);

type Fields = {
  seconds: Values;
  minutes: Values;
  hours: Values;
  days: Values;
  months: Values;
  weekdays: Values;
  either: boolean;
};

/** Of a day, in seconds. */
const day = 86_400;

function matches(fields: Fields, wall: number): boolean {
  const time = new Date(wall * 1000);
  const byDate = allows(fields.days, time.getUTCDate());
  const byWeekday = allows(fields.weekdays, time.getUTCDay());
  const either = fields.either && fields.days !== undefined && fields.weekdays !== undefined;
  return (
    allows(fields.seconds, time.getUTCSeconds()) &&
    allows(fields.minutes, time.getUTCMinutes()) &&
    allows(fields.hours, time.getUTCHours()) &&
    allows(fields.months, time.getUTCMonth() + 1) &&
    (either ? byDate || byWeekday : byDate && byWeekday)
  );
}

function* walk(fields: Fields, from: number, until: number, step: number): Generator<number, void> {
  for (let wall = Math.floor(from / step) * step; wall <= until; wall += step) {
    if (matches(fields, wall)) yield wall;
  }
}

const common = {
  minutes: field(0, 59),
  hours: field(0, 23),
  days: field(1, 31),
  // Mostly every month: elsewhere most runs would compare nothing with nothing.
  months: fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, field(1, 12)),
  // All seven values are the same as everything, as in croniter; six are not.
  weekdays: fc.option(fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 6 }), {
    nil: undefined,
  }),
  either: fc.boolean(),
};

/** Compares the dates within `span` seconds of a change with a walk over every local time. */
function check(fields: Fields, text: string, change: ClockChange, span: number, step: number): void {
  const [from, until] = [change.second - span, change.second + span];
  const [before, after] = offsetsAround(change);
  const skipped = Math.abs(after - before);
  const walls = walk(fields, from + Math.min(before, after), until + Math.max(before, after) + skipped, step);
  const expected = momentsOnClock(change.zone, walls, from, until).slice(0, 1002);
  const dates = scheduleDates(
    { cron: text, timezone: change.zone, day_or: fields.either },
    { now: fromEpoch(from, 0), end: fromEpoch(until, 0), limit: 1002 },
  );
  assert.deepEqual(
    dates,
    expected.map((second) => fromEpoch(second, 0)),
  );
}

test('a cron schedule has each matching local minute once, across every clock change', () => {
  const seconds = fc.constant([0]);
  const property = fc.property(clockChange, fc.record({ ...common, seconds }), (change, fields) => {
    const { minutes, hours, days, months, weekdays } = fields;
    check(fields, [minutes, hours, days, months, weekdays].map(spell).join(' '), change, day, 60);
  });
  fc.assert(property, { numRuns: 200 });
});

test('a cron schedule with seconds has each matching local second once, across every clock change', () => {
  const everyDay = { days: fc.constant(undefined), months: fc.constant(undefined), seconds: field(0, 59) };
  const property = fc.property(clockChange, fc.record({ ...common, ...everyDay }), (change, fields) => {
    const { seconds, minutes, hours, days, months, weekdays } = fields;
    const text = [minutes, hours, days, months, weekdays, seconds].map(spell).join(' ');
    check(fields, text, change, 1800, 1);
  });
  fc.assert(property, { numRuns: 60 });
});

const now = timestamp('2023-03-11 12:00:00.000000');
const next = (cron: string, timezone: string | null, start = now, limit = 3) =>
  scheduleDates({ cron, timezone, day_or: true }, { now, start, limit }).map((date) => date.slice(0, 19));

test('a daily run at a skipped local time is moved by the gap, once, and is on time the day after', () => {
  assert.deepEqual(next('30 2 * * *', 'America/New_York'), [
    '2023-03-12 07:30:00',
    '2023-03-13 06:30:00',
    '2023-03-14 06:30:00',
  ]);
});

test('a run at a local time that occurs twice runs only the first time', () => {
  const start = timestamp('2023-11-05 00:00:00.000000');
  assert.deepEqual(next('30 1 * * *', 'America/New_York', start, 2), [
    '2023-11-05 05:30:00',
    '2023-11-06 06:30:00',
  ]);
  const between = timestamp('2023-11-05 05:45:00.000000');
  assert.deepEqual(next('30 1 * * *', 'America/New_York', between, 1), ['2023-11-06 06:30:00']);
});

test('a date that short months lack does not hide the first of the next month', () => {
  assert.deepEqual(next('0 0 1,31 * *', null, timestamp('2023-02-02 00:00:00.000000')), [
    '2023-03-01 00:00:00',
    '2023-03-31 00:00:00',
    '2023-04-01 00:00:00',
  ]);
});

test('a date and a numbered weekday each match by themselves', () => {
  assert.deepEqual(next('0 0 15 * mon#1', null, timestamp('2023-05-01 00:00:00.000000')), [
    '2023-05-01 00:00:00',
    '2023-05-15 00:00:00',
    '2023-06-05 00:00:00',
  ]);
});

test('7 is Sunday with six fields too', () => {
  assert.deepEqual(next('0 0 * * 7 0', null, now, 1), ['2023-03-12 00:00:00']);
});

test('an expression that never matches ends without a date', () => {
  assert.deepEqual(next('0 0 30 2 *', null), []);
  assert.deepEqual(next('* * 31 2,4,6,9,11 * *', 'Europe/Berlin'), []);
  assert.deepEqual(
    scheduleDates({ cron: '0 0 29 2 mon', day_or: false }, { now, limit: 2 }).map((date) =>
      date.slice(0, 10),
    ),
    ['2044-02-29', '2072-02-29'],
  );
});

test('an invalid expression is a RangeError', () => {
  assert.throws(() => next('never', null), RangeError);
  assert.throws(() => next('* * * * *', 'Nowhere/City'), RangeError);
});
