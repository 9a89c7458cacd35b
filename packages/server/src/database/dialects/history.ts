import { type Timestamp, toEpoch } from '@mintaka/contract';
import { type RawBuilder, sql } from 'kysely';
import type { DialectName } from './dialect.ts';

/** What a history asks: where its first bar begins, how long each bar is (seconds), and the present moment. */
export type HistoryScale = { start: Timestamp; interval: number; now: Timestamp };

/** The expressions that a history groups and sums, over the runs of one table. */
export type HistoryColumns = {
  /** The number of the bar into which a run's expected start falls, the first being 0. Exact to the microsecond. */
  bar: RawBuilder<number>;
  /** Seconds that the runs have run, the present stretch of running ones included; nothing below zero counts. */
  runTime: RawBuilder<number>;
  /** Seconds by which the runs started late, or are late by now where they neither started nor ended. */
  lateness: RawBuilder<number>;
};

/** Makes the expressions of a history, for `flow_run` or `task_run`. */
export type History = (table: 'flow_run' | 'task_run', scale: HistoryScale) => HistoryColumns;

type Spelling = {
  /** Microseconds of a moment since 1970, as an integer. */
  micros(moment: RawBuilder<unknown>): RawBuilder<number>;
  /** Seconds of a moment since 1970. */
  seconds(moment: RawBuilder<unknown>): RawBuilder<number>;
  /** Seconds of an interval column. */
  duration(interval: RawBuilder<unknown>): RawBuilder<number>;
  /** The integer quotient, for a dividend that is not negative. */
  quotient(dividend: RawBuilder<number>, divisor: number): RawBuilder<number>;
  positive(value: RawBuilder<number>): RawBuilder<number>;
  moment(value: Timestamp): RawBuilder<unknown>;
};

// Stored text is cut by hand: SQLite's own date functions keep milliseconds only.
const sqlite: Spelling = {
  micros: (moment) =>
    sql`(unixepoch(substr(${moment}, 1, 19)) * 1000000 + cast(substr(${moment}, 21, 6) as integer))`,
  seconds: (moment) => sql`(unixepoch(substr(${moment}, 1, 19)) + cast(substr(${moment}, 20, 7) as real))`,
  duration: (interval) =>
    sql`case when length(${interval}) = 26 then unixepoch(substr(${interval}, 1, 19)) + cast(substr(${interval}, 20, 7) as real) else 0 end`,
  quotient: (dividend, divisor) => sql`(${dividend} / ${sql.lit(divisor)})`,
  positive: (value) => sql`max(0, ${value})`,
  moment: (value) => sql`${value}`,
};

const postgres: Spelling = {
  micros: (moment) => sql`cast(extract(epoch from ${moment}) * 1000000 as bigint)`,
  seconds: (moment) => sql`cast(extract(epoch from ${moment}) as double precision)`,
  duration: (interval) => sql`cast(extract(epoch from ${interval}) as double precision)`,
  quotient: (dividend, divisor) => sql`(${dividend} / ${sql.lit(divisor)})`,
  positive: (value) => sql`greatest(0, ${value})`,
  moment: (value) => sql`cast(${value} as timestamptz)`,
};

/** A dialect's expressions of a history. */
export function historyIn(name: DialectName): History {
  const spelling = name === 'sqlite' ? sqlite : postgres;
  return (table, { start, interval, now }) => {
    const column = (name: string) => sql`${sql.ref(`${table}.${name}`)}`;
    const { seconds: startSeconds, micros: startMicros } = toEpoch(start);
    const offset = sql<number>`(${spelling.micros(column('expected_start_time'))} - ${sql.lit(startSeconds * 1_000_000 + startMicros)})`;
    const elapsed = (from: RawBuilder<unknown>, to: RawBuilder<unknown>) =>
      sql<number>`(${spelling.seconds(to)} - ${spelling.seconds(from)})`;
    const present = spelling.moment(now);
    const ran = sql<number>`(${spelling.duration(column('total_run_time'))}
      + case when ${column('state_type')} = 'RUNNING' then ${elapsed(column('state_timestamp'), present)} else 0 end)`;
    const late = sql<number>`case
      when ${column('start_time')} > ${column('expected_start_time')}
        then ${elapsed(column('expected_start_time'), column('start_time'))}
      when ${column('start_time')} is null
        and ${column('state_type')} not in ('COMPLETED', 'CANCELLED', 'FAILED', 'CRASHED')
        and ${column('expected_start_time')} < ${present}
        then ${elapsed(column('expected_start_time'), present)}
      else 0 end`;
    return {
      bar: spelling.quotient(offset, Math.round(interval * 1e6)),
      runTime: sql`sum(${spelling.positive(ran)})`,
      lateness: sql`sum(${spelling.positive(late)})`,
    };
  };
}
