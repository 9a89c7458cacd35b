import type { HistoryResponseState, RunKind, Timestamp } from '@mintaka/contract';
import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Reader } from '../statements.ts';

/**
 * Which runs a history counts, and the starts of its bars, one every `interval` seconds; the last bar ends at `end`. A run
 * belongs to the bar of its expected start.
 */
export type HistoryQuestion = {
  readonly table: RunKind;
  /** Undefined if all runs of the period count. */
  readonly condition: Expression<SqlBool> | undefined;
  readonly starts: readonly [Timestamp, ...Timestamp[]];
  readonly end: Timestamp;
  readonly interval: number;
  readonly now: Timestamp;
};

/** The runs of one state whose expected start, exact to the microsecond, is in one bar; `bar` counts from 0. */
export type HistoryGroup = HistoryResponseState & { bar: number };

/** The groups, ordered by bar, state type and state name. */
export type History = (session: Reader, question: HistoryQuestion) => Promise<HistoryGroup[]>;

/** The condition for the runs that a history counts. */
export function isInHistory({ table, condition, starts, end }: HistoryQuestion): RawBuilder<unknown> {
  const expected = sql.ref(`${table}.expected_start_time`);
  const period = sql`${expected} >= ${starts[0]} and ${expected} < ${end}`;
  return condition === undefined ? period : sql`${period} and ${condition}`;
}
