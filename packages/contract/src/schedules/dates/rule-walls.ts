import { firstDayOf, secondsPerDay, yearOf } from '../../calendar.ts';
import type { DayFilter, DayTimes, Walk } from './day-times.ts';
import type { FilledRule } from './filled-rule.ts';
import { longPeriods } from './long-periods.ts';
import { shortPeriods } from './short-periods.ts';
import type { WallSpan } from './wall-dates.ts';
import { PAUSE, type Pause, type Work } from './work.ts';
import { allowedDays, dayRule } from './year-days.ts';

/**
 * The dates of one recurrence rule, ascending, as times on the clock in seconds since 1970-01-01 00:00.
 * A rule with a count is counted from its start; another is entered near the span's start.
 */
export function* ruleWalls(rule: FilledRule, span: WallSpan, work: Work): Generator<number | Pause, void> {
  let left = rule.count ?? Number.POSITIVE_INFINITY;
  const { from } = span;
  const until = Math.min(rule.until ?? Number.POSITIVE_INFINITY, span.until);
  const enter = rule.count === undefined ? Math.max(from, rule.start) : rule.start;
  if (left <= 0 || enter > until) return;
  for (const next of dayTimes(rule, { from: enter, until }, work)) {
    if (next === PAUSE) {
      yield PAUSE;
      continue;
    }
    const { day, times } = next;
    const midnight = day * secondsPerDay;
    if (midnight > until) return;
    if (midnight + secondsPerDay <= Math.min(from, until) && midnight >= rule.start) {
      left -= times.length;
      if (left <= 0) return;
      continue;
    }
    for (const time of times) {
      const wall = midnight + time;
      if (wall < rule.start) continue;
      if (wall > until) return;
      if (wall >= from) yield wall;
      left -= 1;
      if (left <= 0) return;
    }
  }
}

function dayTimes(rule: FilledRule, span: WallSpan, work: Work): Generator<DayTimes | Pause, void> {
  const walk: Walk = {
    allows: dayFilter(rule),
    fromDay: Math.floor(span.from / secondsPerDay),
    untilDay: Math.floor(span.until / secondsPerDay),
    work,
  };
  switch (rule.frequency) {
    case 'YEARLY':
    case 'MONTHLY':
    case 'WEEKLY':
    case 'DAILY':
      return longPeriods(rule, rule.frequency, walk);
    case 'HOURLY':
    case 'MINUTELY':
    case 'SECONDLY':
      return shortPeriods(rule, rule.frequency, walk);
    default:
      return rule.frequency satisfies never;
  }
}

/** Caches the last requested year, because days are requested in order. */
function dayFilter(rule: FilledRule): DayFilter {
  const days = dayRule(rule);
  let first = 0;
  let allowed = new Uint8Array(0);
  return (day) => {
    if (day < first || day >= first + allowed.length) {
      const year = yearOf(day);
      first = firstDayOf(year);
      allowed = allowedDays(days, year);
    }
    return allowed[day - first] === 1;
  };
}
