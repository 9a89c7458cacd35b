import type { Recurrence } from '@mintaka/contract';
import { dayNumber, secondsPerDay } from './calendar.ts';
import { fillRule } from './filled-rule.ts';
import { ruleWalls } from './rule-walls.ts';
import type { WallSpan } from './wall-dates.ts';
import { mostWork, passOver, spend, type Work } from './work.ts';

/**
 * Where a set without DTSTART begins: midnight of 2020-01-01 on the clock of its zone. It is fixed, so that a schedule has
 * the same dates whenever it is read; a count counts from there.
 */
const defaultStart = dayNumber(2020, 1, 1) * secondsPerDay;

/**
 * The dates of a recurrence set, ascending, each once, as times on the clock in seconds since 1970-01-01
 * 00:00. It ends after {@link mostWork} steps at the latest.
 */
export function* recurrenceWalls(recurrence: Recurrence, span: WallSpan): Generator<number, void> {
  const work: Work = { left: mostWork };
  const start = recurrence.start ?? defaultStart;
  const walls = (rule: Recurrence['rules'][number]) => ruleWalls(fillRule(rule, start), span, work);
  const included = merged([...recurrence.rules.map(walls), ...datesOf(recurrence.dates, span.from)], work);
  const excluded = merged(
    [...recurrence.exceptRules.map(walls), ...datesOf(recurrence.exceptDates, span.from)],
    work,
  );
  let exception = excluded.next();
  for (const wall of included) {
    while (!exception.done && exception.value < wall) {
      if (!passOver(work)) return;
      exception = excluded.next();
    }
    if (exception.done || exception.value !== wall) yield wall;
    else if (!passOver(work)) return;
  }
}

/** One ascending sequence, or none where there are no dates left. */
function datesOf(dates: readonly number[], from: number): number[][] {
  const left = dates.filter((date) => date >= from).sort((a, b) => a - b);
  return left.length === 0 ? [] : [left];
}

/** Merges ascending sequences into one that has each value once. */
function* merged(sources: readonly Iterable<number>[], work: Work): Generator<number, void> {
  const heads = sources.map((source) => {
    const iterator = source[Symbol.iterator]();
    return { iterator, next: iterator.next() };
  });
  while (true) {
    let lowest = Number.POSITIVE_INFINITY;
    for (const { next } of heads) if (!next.done && next.value < lowest) lowest = next.value;
    if (lowest === Number.POSITIVE_INFINITY) return;
    yield lowest;
    if (!spend(work, heads.length - 1)) return;
    for (const head of heads) {
      while (!head.next.done && head.next.value <= lowest) head.next = head.iterator.next();
    }
  }
}
