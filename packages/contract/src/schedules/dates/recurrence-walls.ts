import { dayNumber, secondsPerDay } from '../../calendar.ts';
import type { Recurrence } from '../recurrence.ts';
import { fillRule } from './filled-rule.ts';
import { ruleWalls } from './rule-walls.ts';
import type { WallSpan } from './wall-dates.ts';
import { PAUSE, type Pause, passOver, pauseIsDue, spend, type Work } from './work.ts';

/**
 * Where a set without DTSTART begins: midnight of 2020-01-01 on the clock of its zone. It is fixed, so that a schedule has
 * the same dates whenever it is read; a count counts from there.
 */
const defaultStart = dayNumber(2020, 1, 1) * secondsPerDay;

/**
 * The dates of a recurrence set, ascending, each once, as times on the clock in seconds since 1970-01-01
 * 00:00, with pauses between them. It ends when the work is used up, at the latest.
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

/** One ascending sequence, or none if there are no dates left. */
function datesOf(dates: readonly number[], from: number): number[][] {
  const left = dates.filter((date) => date >= from).sort((a, b) => a - b);
  return left.length === 0 ? [] : [left];
}

/** Merges ascending sequences into one that has each value once. Their pauses are its own. */
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
