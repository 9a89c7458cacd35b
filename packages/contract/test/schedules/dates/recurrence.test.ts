import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromEpoch, timestamp, toEpoch } from '../../../src/index.ts';
import { scheduleDates } from '../../../src/schedules/index.ts';
import { clockChange, momentsOnClock } from './clock-changes.ts';

const day = 86_400;
const dateText = (wall: number) => new Date(wall * 1000).toISOString().slice(0, 19).replaceAll(/[-:]/g, '');

const rule = fc.oneof(
  fc.integer({ min: 1, max: 90 }).map((interval) => `FREQ=MINUTELY;INTERVAL=${interval}`),
  fc.integer({ min: 1, max: 5 }).map((interval) => `FREQ=HOURLY;INTERVAL=${interval};BYMINUTE=0,20,40`),
  fc.integer({ min: 20, max: 500 }).map((interval) => `FREQ=SECONDLY;INTERVAL=${interval}`),
  fc
    .uniqueArray(fc.integer({ min: 0, max: 23 }), { minLength: 1, maxLength: 6 })
    .map((hours) => `FREQ=DAILY;BYHOUR=${hours};BYMINUTE=0,30`),
);

test('a recurrence has each of its local times once, across every clock change', () => {
  const property = fc.property(
    clockChange,
    fc.array(rule, { minLength: 1, maxLength: 2 }),
    fc.option(fc.integer({ min: 1, max: 500 })),
    (change, rules, count) => {
      const [from, until] = [change.second - day, change.second + day];
      const ending = count === null ? '' : `;COUNT=${count}`;
      const lines = rules.map((text) => `RRULE:${text}${ending}`);
      const rrule = [`DTSTART:${dateText(from - 3 * day)}`, ...lines].join('\n');
      const inUtc = scheduleDatesAll(rrule, from - 3 * day, until + 3 * day);
      const dates = scheduleDatesAll(rrule, from, until, change.zone);
      assert.deepEqual(dates, momentsOnClock(change.zone, inUtc, from, until));
    },
  );
  fc.assert(property, { numRuns: 150 });
});

/** All dates of a span, a thousand at a time. */
function scheduleDatesAll(rrule: string, from: number, until: number, timezone = 'UTC'): number[] {
  const seconds: number[] = [];
  let start = from;
  while (true) {
    const dates = scheduleDates(
      { rrule, timezone },
      { now: fromEpoch(start, 0), start: fromEpoch(start, 0), end: fromEpoch(until, 0) },
    );
    seconds.push(...dates.map((date) => toEpoch(date).seconds));
    const last = seconds.at(-1);
    if (dates.length < 1000 || last === undefined) return seconds;
    start = last + 1;
  }
}

const now = timestamp('2023-03-11 17:10:00.500000');
const next = (rrule: string, timezone = 'UTC', limit = 3) =>
  scheduleDates({ rrule, timezone }, { now, limit }).map((date) => date.slice(0, 19));

test('a rule without a start begins at local midnight of 2020-01-01, whenever it is read', () => {
  assert.deepEqual(next('FREQ=DAILY'), ['2023-03-12 00:00:00', '2023-03-13 00:00:00', '2023-03-14 00:00:00']);
  // The clock is set forward on the 12th.
  assert.deepEqual(next('FREQ=DAILY', 'America/New_York', 2), ['2023-03-12 05:00:00', '2023-03-13 04:00:00']);
  // 2020-01-01 was a Wednesday; every other week counts from it.
  assert.deepEqual(next('FREQ=WEEKLY;INTERVAL=2', 'UTC', 2), ['2023-03-22 00:00:00', '2023-04-05 00:00:00']);
  assert.deepEqual(next('RRULE:FREQ=DAILY\nEXRULE:FREQ=DAILY;INTERVAL=2', 'UTC', 1), ['2023-03-13 00:00:00']);
});

test('a count without a start is counted from 2020-01-01', () => {
  const passed = (toEpoch(now).seconds - Date.UTC(2020, 0, 1) / 1000) / day;
  assert.deepEqual(next(`FREQ=DAILY;COUNT=${Math.ceil(passed) + 2}`), [
    '2023-03-12 00:00:00',
    '2023-03-13 00:00:00',
  ]);
  assert.deepEqual(next('FREQ=DAILY;COUNT=3'), []);
});

test('zones in the text are ignored: times are local times of the schedule', () => {
  const rrule = 'DTSTART:20230101T090000Z\nRRULE:FREQ=DAILY;UNTIL=20230312T090000Z';
  assert.deepEqual(next(rrule, 'America/New_York'), ['2023-03-12 13:00:00']);
});

test('"each" and "the nth" weekday in one rule are either', () => {
  const rrule = 'DTSTART:20230301T000000\nRRULE:FREQ=MONTHLY;BYDAY=SU,3TH';
  assert.deepEqual(next(rrule), ['2023-03-12 00:00:00', '2023-03-16 00:00:00', '2023-03-19 00:00:00']);
});

test('a set contains its rules and dates without the excluded ones, without duplicates', () => {
  const rrule = [
    'DTSTART:20230310T000000',
    'RRULE:FREQ=DAILY',
    'RRULE:FREQ=DAILY;INTERVAL=2',
    'EXRULE:FREQ=WEEKLY;BYDAY=SU',
    'RDATE:20230312T120000,20230312T120000',
    'EXDATE:20230313T000000',
  ].join('\n');
  assert.deepEqual(next(rrule), ['2023-03-12 12:00:00', '2023-03-14 00:00:00', '2023-03-15 00:00:00']);
});

test('a count starts at the start, however many seconds ago', () => {
  const rule = (count: number) => `DTSTART:19000101T000000\nRRULE:FREQ=SECONDLY;COUNT=${count}`;
  const passed = toEpoch(now).seconds - Date.UTC(1900, 0, 1) / 1000;
  assert.deepEqual(next(rule(passed + 3)), ['2023-03-11 17:10:01', '2023-03-11 17:10:02']);
  assert.deepEqual(next(rule(passed)), []);
});

test('rules that match nothing, and sets that exclude everything, end without a date', () => {
  const start = 'DTSTART:20200101T000000\n';
  assert.deepEqual(next(`${start}RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30`), []);
  assert.deepEqual(next(`${start}RRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30`), []);
  assert.deepEqual(next(`${start}RRULE:FREQ=MINUTELY;BYHOUR=25`), []);
  assert.deepEqual(next(`${start}RRULE:FREQ=SECONDLY\nEXRULE:FREQ=SECONDLY`), []);
  assert.deepEqual(next(start + 'FREQ=DAILY;BYWEEKNO=60 '.repeat(250)), []);
});

test('a rule that is written a hundred times costs little more than once', () => {
  const rrule = `DTSTART:20200101T000000\n${'FREQ=MINUTELY\n'.repeat(100)}`;
  assert.equal(scheduleDates({ rrule }, { now, limit: 1000 }).length, 1000);
});

test('rules with every time of every day are only read as far as requested', () => {
  const all = (length: number) => Array.from({ length }, (_, value) => value).join(',');
  const rrule = `DTSTART:20200101T000000\nRRULE:FREQ=YEARLY;BYMONTH=4;BYDAY=MO;BYHOUR=${all(24)};BYMINUTE=${all(60)};BYSECOND=${all(60)}`;
  assert.deepEqual(next(rrule, 'UTC', 2), ['2023-04-03 00:00:00', '2023-04-03 00:00:01']);
  assert.deepEqual(next(`${rrule};BYSETPOS=-1`, 'UTC', 1), ['2023-04-24 23:59:59']);
});

test('an invalid text is a RangeError', () => {
  assert.throws(() => next('FREQ=NEVER'), RangeError);
});
