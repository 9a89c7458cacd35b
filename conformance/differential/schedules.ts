import type { Sendable } from './json.ts';
import type { Random } from './random.ts';

/** Schedules with fixed anchors, so that both servers find the same dates; some are wrong. */
const schedules: readonly Sendable[] = [
  { interval: 3600, anchor_date: '2020-01-01T00:00:00+00:00' },
  { interval: 86400, anchor_date: '2020-01-01T00:00:00+00:00', timezone: 'UTC' },
  { interval: 90.5, anchor_date: '2020-01-01T00:00:00+00:00' },
  { interval: 86400, anchor_date: '2020-07-01T09:00:00-04:00', timezone: 'America/New_York' },
  { interval: 604800, anchor_date: '2020-01-01' },
  { cron: '0 9 * * *' },
  { cron: '*/15 * * * 1-5', timezone: 'UTC', day_or: true },
  { cron: '0 0 1 * 1', day_or: false },
  { cron: '5 4 * * sun', timezone: 'Europe/Berlin' },
  { cron: '@daily' },
  { rrule: 'DTSTART:20200101T000000\nRRULE:FREQ=DAILY;INTERVAL=2' },
  { rrule: 'DTSTART:20200101T120000\nRRULE:FREQ=WEEKLY;BYDAY=MO,WE' },
  { rrule: 'DTSTART:20200101T120000\nRRULE:FREQ=MONTHLY;BYMONTHDAY=1,-1', timezone: 'Asia/Tokyo' },
  { rrule: 'DTSTART:20200101T000000\nRRULE:FREQ=DAILY\nEXDATE:20220702T000000' },
  null,
];

const wrongSchedules: readonly Sendable[] = [
  { interval: 0 },
  { interval: -60, anchor_date: '2020-01-01T00:00:00+00:00' },
  { interval: 'soon' },
  { interval: 60, anchor_date: 'then' },
  { interval: 60, anchor_date: '2020-01-01T00:00:00+00:00', timezone: 'Mars/Olympus' },
  { cron: 'whenever' },
  { cron: '* * * * * * *' },
  { cron: '0 0 * * *', timezone: 'Nowhere' },
  { cron: 'H * * * *' },
  { cron: 'R * * * *' },
  { rrule: 'nonsense' },
  { rrule: 'FREQ=NEVER' },
  { rrule: 'FREQ=DAILY', timezone: 'Nowhere' },
  { rrule: 'DTSTART:20200101T000000\nRRULE:FREQ=DAILY\nDTSTART:20210101T000000\nRRULE:FREQ=DAILY' },
  { interval: 60, cron: '* * * * *' },
  {},
  'daily',
  5,
];

/** A schedule for a deployment, mostly a right one. */
export function someSchedule(random: Random): Sendable {
  return random.chance(0.85) ? random.pick(schedules) : random.pick(wrongSchedules);
}
