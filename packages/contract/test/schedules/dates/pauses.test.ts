import assert from 'node:assert/strict';
import { test } from 'node:test';
import { timestamp } from '../../../src/index.ts';
import { datesInSteps, newWork, PAUSE, type ScheduleDefinition } from '../../../src/schedules/index.ts';

const now = timestamp('2026-06-01 12:00:00.000000');
const end = timestamp('2026-09-09 12:00:00.000000');
const listed = (length: number, value: (place: number) => number | string) =>
  Array.from({ length }, (_, place) => value(place)).join(',');
const yearOne = 'DTSTART:00010101T000000\nRRULE:';

const hostile: [what: string, schedule: ScheduleDefinition][] = [
  ['excludes all that it matches', { rrule: 'RRULE:FREQ=SECONDLY\nEXRULE:FREQ=SECONDLY' }],
  ['counts from the year 1', { rrule: `${yearOne}FREQ=DAILY;COUNT=999999999;BYMONTHDAY=30;BYMONTH=2` }],
  [
    'has a long list of days',
    { rrule: `${yearOne}FREQ=DAILY;COUNT=99999;BYMONTHDAY=${listed(1500, (day) => day + 32)}` },
  ],
  [
    'has a long list of weekdays',
    {
      rrule: `${yearOne}FREQ=YEARLY;COUNT=99999;BYDAY=${listed(800, (place) => `${(place % 53) + 1}MO`)};BYMONTHDAY=32`,
    },
  ],
  [
    'has a long list of positions',
    {
      rrule: `${yearOne}FREQ=DAILY;COUNT=999999999;BYHOUR=1,2;BYSETPOS=${listed(366, (place) => place + 1)}`,
    },
  ],
  [
    'has every second of a day',
    {
      rrule: `${yearOne}FREQ=DAILY;COUNT=9999999999;BYHOUR=${listed(24, Number)};BYMINUTE=${listed(60, Number)};BYSECOND=${listed(60, Number)}`,
    },
  ],
  ['has dates without end', { cron: '* * * * * *' }],
  ['never matches', { cron: '0 0 30 2 *' }],
];

for (const [what, schedule] of hostile) {
  test(`a schedule that ${what} pauses often and terminates`, () => {
    const work = newWork();
    let before = work.left;
    let longest = 0;
    for (const date of datesInSteps(schedule, { now, start: now, end, limit: 1002 }, work)) {
      if (date !== PAUSE) continue;
      longest = Math.max(longest, before - work.left);
      before = work.left;
    }
    // The times of one day are computed together.
    assert.ok(Math.max(longest, before - work.left) <= 200_000, `${longest} steps without a pause`);
  });
}

test('a list that is a thousand times as long does not increase the time per day', () => {
  const time = (days: number) => {
    const rrule = `${yearOne}FREQ=DAILY;COUNT=9999;BYMONTH=2;BYMONTHDAY=${listed(days, (day) => day + 32)}`;
    const started = process.cpuUsage();
    for (const _ of datesInSteps({ rrule }, { now, end }, newWork()));
    const { user, system } = process.cpuUsage(started);
    return user + system;
  };
  time(1);
  const [short, long] = [time(1), time(1500)];
  assert.ok(long < short * 20 + 20_000, `${long} microseconds, ${short} for a short list`);
});
