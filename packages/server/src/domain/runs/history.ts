import {
  addSeconds,
  type HistoryResponse,
  type RunKind,
  secondsBetween,
  type Timestamp,
} from '@mintaka/contract';
import type { Bindings } from '../../database/dialects/bindings.ts';
import type { HistoryGroup } from '../../database/dialects/history.ts';
import { asWhere, type Condition } from '../../database/filters/conditions.ts';
import type { Context } from '../context.ts';
import { RefusedError } from '../errors.ts';

/** The maximum number of bars of a history. */
const mostBars = 500;

/** The input of a history, in the API's words: its bars cover start to end, each a number of seconds long. */
export type HistoryBody = {
  history_start: Timestamp;
  history_end: Timestamp;
  history_interval_seconds: number;
};

/** Converts the filters of a history to a condition on its runs. */
export type ConditionOf = (bindings: Bindings) => Condition;

/**
 * The runs of a table that match a condition, counted by expected start and by state.
 * @throws RefusedError if the bars are too short.
 */
export async function readHistory(
  context: Context,
  table: RunKind,
  body: HistoryBody,
  conditionOf: ConditionOf,
): Promise<HistoryResponse[]> {
  const { history_interval_seconds: interval } = body;
  if (interval < 1) throw new RefusedError(422, 'History interval must not be less than 1 second.');
  const starts = startsOfBars(body);
  const end = addSeconds(body.history_start, starts.length * interval);
  const now = context.clock.now();
  return context.database.readLong(async (session) => {
    const condition = asWhere(conditionOf(session.dialect.bindings));
    const question = { table, condition, starts, end, interval, now };
    return layOut(starts, interval, await session.dialect.questions.history(session, question));
  });
}

/** Lays counted groups out over all bars; a bar without runs is empty. */
function layOut(
  starts: readonly Timestamp[],
  interval: number,
  groups: readonly HistoryGroup[],
): HistoryResponse[] {
  const bars = starts.map((start): HistoryResponse => {
    const end = addSeconds(start, interval);
    return { interval_start: start, interval_end: end, states: [] };
  });
  for (const { bar, ...state } of groups) bars[bar]?.states.push(state);
  return bars;
}

// A history always has its first bar, even if it ends before it begins, as in the reference on SQLite.
function startsOfBars(body: HistoryBody): [Timestamp, ...Timestamp[]] {
  const { history_start: start, history_end: end, history_interval_seconds: interval } = body;
  const bars = Math.min(Math.ceil(secondsBetween(start, end) / interval), mostBars);
  const later = Array.from({ length: Math.max(bars - 1, 0) }, (_, number) => {
    return addSeconds(start, (number + 1) * interval);
  });
  return [start, ...later];
}
