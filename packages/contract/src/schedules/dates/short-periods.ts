import { secondsPerDay } from '../../calendar.ts';
import { type DayTimes, pickedPlaces, timesOfDay, type Walk } from './day-times.ts';
import type { FilledRule } from './filled-rule.ts';
import { PAUSE, type Pause, pauseIsDue, spend } from './work.ts';

type ShortFrequency = 'HOURLY' | 'MINUTELY' | 'SECONDLY';

/** The days and times of a rule that repeats by hours, minutes or seconds, ascending. */
export function* shortPeriods(
  rule: FilledRule,
  frequency: ShortFrequency,
  walk: Walk,
): Generator<DayTimes | Pause, void> {
  const unit = { HOURLY: 3600, MINUTELY: 60, SECONDLY: 1 }[frequency];
  const perDay = secondsPerDay / unit;
  const base = Math.floor(rule.start / unit);
  const inUnit = timesInUnit(rule, frequency);
  if (inUnit.length === 0) return;
  // Days on which the repetition has the same phase have the same times.
  const known = new Map<number, readonly number[]>();
  let day = Math.max(Math.floor(rule.start / secondsPerDay), walk.fromDay);
  while (spend(walk.work, 1)) {
    if (pauseIsDue(walk.work)) yield PAUSE;
    const periods = Math.max(0, Math.ceil((day * perDay - base) / rule.interval));
    const index = base + periods * rule.interval;
    const first = index - day * perDay;
    if (first >= perDay) {
      day = Math.floor(index / perDay);
      if (day > walk.untilDay) return;
      continue;
    }
    if (walk.allows(day)) {
      let times = known.get(first);
      if (times === undefined) {
        times = timesFrom(rule, first, unit, inUnit);
        known.set(first, times);
        if (!spend(walk.work, perDay / rule.interval + times.length)) return;
      }
      if (times.length > 0) yield { day, times };
    }
    day += 1;
    if (day > walk.untilDay) return;
  }
}

/** The times within one repetition, in seconds from its start. */
function timesInUnit(rule: FilledRule, frequency: ShortFrequency): number[] {
  const minutes = frequency === 'HOURLY' ? (rule.minutes ?? []) : [0];
  const seconds = frequency === 'SECONDLY' ? [0] : (rule.seconds ?? []);
  const times = timesOfDay([0], minutes, seconds);
  if (rule.positions === undefined) return times;
  return pickedPlaces(rule.positions, times.length).map((place) => times[place] ?? 0);
}

function timesFrom(rule: FilledRule, first: number, unit: number, inUnit: readonly number[]): number[] {
  const hours = rule.hours && new Set(rule.hours);
  const minutes = unit < 3600 && rule.minutes ? new Set(rule.minutes) : undefined;
  const seconds = unit < 60 && rule.seconds ? new Set(rule.seconds) : undefined;
  const times: number[] = [];
  for (let start = first * unit; start < secondsPerDay; start += rule.interval * unit) {
    if (hours !== undefined && !hours.has(Math.floor(start / 3600))) continue;
    if (minutes !== undefined && !minutes.has(Math.floor(start / 60) % 60)) continue;
    if (seconds !== undefined && !seconds.has(start % 60)) continue;
    for (const time of inUnit) times.push(start + time);
  }
  return times;
}
