import type { Recurrence } from '@mintaka/contract';
import { fillRule } from './filled-rule.ts';
import { ruleWalls } from './rule-walls.ts';
import type { WallSpan } from './wall-dates.ts';
import { mostWork, passOver, type Work } from './work.ts';

/**
 * The dates of a recurrence set, ascending, each once, as times on the clock in seconds since 1970-01-01
 * 00:00. It ends after {@link mostWork} steps at the latest.
 * @param now where rules without a start begin, a time on the clock.
 */
export function* recurrenceWalls(
  recurrence: Recurrence,
  now: number,
  span: WallSpan,
): Generator<number, void> {
  const work: Work = { left: mostWork };
  const start = recurrence.start ?? now;
  const walls = (rule: Recurrence['rules'][number]) => ruleWalls(fillRule(rule, start), span, work);
  const included = merged([...recurrence.rules.map(walls), sorted(recurrence.dates, span.from)]);
  const excluded = merged([...recurrence.exceptRules.map(walls), sorted(recurrence.exceptDates, span.from)]);
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

function sorted(dates: readonly number[], from: number): number[] {
  return dates.filter((date) => date >= from).sort((a, b) => a - b);
}

/** Merges ascending sequences into one that has each value once. */
function* merged(sources: readonly Iterable<number>[]): Generator<number, void> {
  const heads = sources.map((source) => {
    const iterator = source[Symbol.iterator]();
    return { iterator, head: iterator.next() };
  });
  let last = Number.NEGATIVE_INFINITY;
  while (true) {
    let lowest: (typeof heads)[number] | undefined;
    for (const source of heads) {
      if (source.head.done) continue;
      if (lowest === undefined || lowest.head.done || source.head.value < lowest.head.value) lowest = source;
    }
    if (lowest === undefined || lowest.head.done) return;
    if (lowest.head.value > last) {
      last = lowest.head.value;
      yield last;
    }
    lowest.head = lowest.iterator.next();
  }
}
