import { dateOf, dayNumber, monthLength, secondsPerDay, weekdayOf } from '../../calendar.ts';
import type { Cron } from '../cron.ts';
import type { WallSpan } from './wall-dates.ts';

/** Years without a match after which the search stops: 30 February, for example, never matches. */
const patience = 50;

/**
 * The local times that match a cron expression, ascending. Ends if fifty years have no match.
 * @param either whether a day that matches by date or by weekday is enough if both are restricted; otherwise it must
 *   match both.
 */
export function* cronWalls(cron: Cron, either: boolean, span: WallSpan): Generator<number, void> {
  const { from, until } = span;
  let { year, month } = dateOf(Math.floor(from / secondsPerDay));
  let matched = year;
  while (year - matched <= patience) {
    if (dayNumber(year, month, 1) * secondsPerDay > until) return;
    for (const day of cron.months === undefined || cron.months.includes(month)
      ? daysOf(cron, either, year, month)
      : []) {
      const midnight = dayNumber(year, month, day) * secondsPerDay;
      if (midnight + secondsPerDay <= from) continue;
      matched = year;
      yield* timesOf(cron, midnight, from);
    }
    month += 1;
    if (month === 13) [year, month] = [year + 1, 1];
  }
}

const every = (length: number): number[] => Array.from({ length }, (_, value) => value);
const everyHour = every(24);
const everySixtieth = every(60);

function* timesOf(cron: Cron, midnight: number, from: number): Generator<number, void> {
  const minutes = cron.minutes ?? everySixtieth;
  const seconds = cron.seconds ?? everySixtieth;
  for (const hour of cron.hours ?? everyHour) {
    const hourStart = midnight + hour * 3600;
    if (hourStart + 3600 <= from) continue;
    for (const minute of minutes) {
      const minuteStart = hourStart + minute * 60;
      if (minuteStart + 60 <= from) continue;
      for (const second of seconds) {
        if (minuteStart + second >= from) yield minuteStart + second;
      }
    }
  }
}

function daysOf(cron: Cron, either: boolean, year: number, month: number): number[] {
  const length = monthLength(year, month);
  // Weekdays in cron count from Sunday.
  const firstWeekday = (weekdayOf(dayNumber(year, month, 1)) + 1) % 7;
  const anyDate = cron.days === undefined;
  const anyWeekday = cron.weekdays === undefined && cron.nthWeekdays.length === 0;
  const days: number[] = [];
  for (let day = 1; day <= length; day++) {
    const byDate = anyDate || matchesDate(cron, day, length);
    const byWeekday = anyWeekday || matchesWeekday(cron, (firstWeekday + day - 1) % 7, day, length);
    if (either && !anyDate && !anyWeekday ? byDate || byWeekday : byDate && byWeekday) days.push(day);
  }
  return days;
}

function matchesDate(cron: Cron, day: number, length: number): boolean {
  return cron.days?.includes(day) === true || (cron.lastDay && day === length);
}

function matchesWeekday(cron: Cron, weekday: number, day: number, length: number): boolean {
  if (cron.weekdays !== undefined) return cron.weekdays.includes(weekday);
  return cron.nthWeekdays.some(
    (counted) =>
      counted.weekday === weekday &&
      (counted.nth === 'last' ? day + 7 > length : Math.ceil(day / 7) === counted.nth),
  );
}
