import { dateOf, dayNumber, firstDayOf, secondsPerDay, weekdayOf } from '../../calendar.ts';
import { type DayTimes, pickedPlaces, timesOfDay, type Walk } from './day-times.ts';
import type { FilledRule } from './filled-rule.ts';
import { PAUSE, type Pause, pauseIsDue, spend } from './work.ts';

type LongFrequency = 'YEARLY' | 'MONTHLY' | 'WEEKLY' | 'DAILY';

/** One repetition: its first day, and the day after its last. */
type Period = { readonly first: number; readonly after: number };

/** The days and times of a rule that repeats by days or more, ascending. */
export function* longPeriods(
  rule: FilledRule,
  frequency: LongFrequency,
  walk: Walk,
): Generator<DayTimes | Pause, void> {
  const times = timesOfDay(rule.hours ?? [], rule.minutes ?? [], rule.seconds ?? []);
  if (times.length === 0 || !spend(walk.work, times.length)) return;
  const startDay = Math.floor(rule.start / secondsPerDay);
  const periodAt = periodsOf(frequency, startDay, rule);
  const period = periodFinder(frequency, startDay, rule);
  for (let index = Math.max(0, period(walk.fromDay)); ; index++) {
    const { first, after } = periodAt(index * rule.interval);
    if (first > walk.untilDay || !spend(walk.work, after - first + (rule.positions?.length ?? 0))) return;
    if (pauseIsDue(walk.work)) yield PAUSE;
    const days: number[] = [];
    for (let day = first; day < after; day++) if (walk.allows(day)) days.push(day);
    if (rule.positions !== undefined) yield* picked(days, times, rule.positions);
    else for (const day of days) yield { day, times };
  }
}

/** Returns the period a number of units of the frequency after the first one. */
function periodsOf(frequency: LongFrequency, startDay: number, rule: FilledRule): (units: number) => Period {
  const start = dateOf(startDay);
  switch (frequency) {
    case 'YEARLY':
      return (units) => ({
        first: firstDayOf(start.year + units),
        after: firstDayOf(start.year + units + 1),
      });
    case 'MONTHLY':
      return (units) => ({ first: firstOfMonth(start, units), after: firstOfMonth(start, units + 1) });
    case 'WEEKLY': {
      const week = weekOf(startDay, rule.weekStart);
      // The first week begins at the start: positions in it do not count the days before.
      return (units) => ({ first: Math.max(startDay, week + units * 7), after: week + units * 7 + 7 });
    }
    case 'DAILY':
      return (units) => ({ first: startDay + units, after: startDay + units + 1 });
    default:
      return frequency satisfies never;
  }
}

/** Returns the number of the last repetition that starts at or before a day, or a slightly smaller number. */
function periodFinder(frequency: LongFrequency, startDay: number, rule: FilledRule): (day: number) => number {
  const days = { YEARLY: 366, MONTHLY: 31, WEEKLY: 7, DAILY: 1 }[frequency];
  const start = dateOf(startDay);
  return (day) => {
    const date = dateOf(day);
    const years = date.year - start.year;
    const units =
      frequency === 'YEARLY'
        ? years
        : frequency === 'MONTHLY'
          ? years * 12 + date.month - start.month
          : Math.floor((day - startDay) / days);
    return Math.floor(units / rule.interval);
  };
}

function firstOfMonth(start: { year: number; month: number }, months: number): number {
  const month = start.month - 1 + months;
  return dayNumber(start.year + Math.floor(month / 12), (month % 12) + 1, 1);
}

function weekOf(day: number, weekStart: number): number {
  return day - ((weekdayOf(day) - weekStart + 7) % 7);
}

/** The dates of a period that the positions pick, day by day. */
function* picked(
  days: readonly number[],
  times: readonly number[],
  positions: readonly number[],
): Generator<DayTimes, void> {
  let current: number | undefined;
  let chosen: number[] = [];
  for (const place of pickedPlaces(positions, days.length * times.length)) {
    const day = days[Math.floor(place / times.length)];
    const time = times[place % times.length];
    if (day === undefined || time === undefined) continue;
    if (current !== undefined && day !== current) {
      yield { day: current, times: chosen };
      chosen = [];
    }
    current = day;
    chosen.push(time);
  }
  if (current !== undefined) yield { day: current, times: chosen };
}
