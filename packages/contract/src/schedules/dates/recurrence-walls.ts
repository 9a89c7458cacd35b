import { dayNumber, secondsPerDay } from '../../calendar.ts';
import type { Recurrence } from '../recurrence.ts';
import { fillRule } from './filled-rule.ts';
import { ruleWalls } from './rule-walls.ts';
import type { WallSpan } from './wall-dates.ts';
import { PAUSE, type Pause, passOver, pauseIsDue, spend, type Work } from './work.ts';

/**
 * The start of a set without DTSTART: midnight of 2020-01-01 in local time. It is fixed, so that a schedule has the
 * same dates whenever it is read; COUNT counts from there.
 */
const defaultStart = dayNumber(2020, 1, 1) * secondsPerDay;

/**
 * The dates of a recurrence set, ascending, without duplicates, as local times in seconds since 1970-01-01 00:00,
 * with pauses in between. Ends at the latest when the step budget is used up.
 */
export function* recurrenceWalls(
  recurrence: Recurrence,
  span: WallSpan,
  work: Work,
): Generator<number | Pause, void> {
  const start = recurrence.start ?? defaultStart;
  const walls = (rule: Recurrence['rules'][number]) => ruleWalls(fillRule(rule, start), span, work);
  const included = merged([...recurrence.rules.map(walls), ...datesOf(recurrence.dates, span.from)], work);
  const excluded = merged(
    [...recurrence.exceptRules.map(walls), ...datesOf(recurrence.exceptDates, span.from)],
    work,
  );
  let exception = excluded.next();
  for (const wall of included) {
    if (wall === PAUSE) {
      yield PAUSE;
      continue;
    }
    while (!exception.done && (exception.value === PAUSE || exception.value < wall)) {
      if (exception.value === PAUSE) yield PAUSE;
      else if (!passOver(work)) return;
      exception = excluded.next();
    }
    if (exception.done || exception.value !== wall) yield wall;
    else if (!passOver(work)) return;
    if (pauseIsDue(work)) yield PAUSE;
  }
}

/** The remaining dates as one ascending sequence; no sequence if none are left. */
function datesOf(dates: readonly number[], from: number): number[][] {
  const left = dates.filter((date) => date >= from).sort((a, b) => a - b);
  return left.length === 0 ? [] : [left];
}

/** Merges ascending sequences into one without duplicates. Passes their pauses on. */
function* merged(sources: readonly Iterable<number | Pause>[], work: Work): Generator<number | Pause, void> {
  const heads = sources.map((source) => ({
    iterator: source[Symbol.iterator](),
    value: Number.NEGATIVE_INFINITY,
  }));
  let passed = Number.NEGATIVE_INFINITY;
  while (true) {
    let lowest = Number.POSITIVE_INFINITY;
    for (const head of heads) {
      while (head.value <= passed) {
        const next = head.iterator.next();
        if (next.done) head.value = Number.POSITIVE_INFINITY;
        else if (next.value === PAUSE) yield PAUSE;
        else head.value = next.value;
      }
      if (head.value < lowest) lowest = head.value;
    }
    if (lowest === Number.POSITIVE_INFINITY) return;
    yield lowest;
    if (!spend(work, heads.length - 1)) return;
    passed = lowest;
  }
}
