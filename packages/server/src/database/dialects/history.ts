import { type StateType, type Timestamp, toEpoch } from '@mintaka/contract';
import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Session } from '../database.ts';

/** Which runs a history counts, and how: the moments at which its bars start, one every `interval` seconds; the last one ends at `end`. */
export type HistoryQuestion = {
  readonly table: 'flow_run' | 'task_run';
  /** Left out where all runs of the time count. */
  readonly condition: Expression<SqlBool> | undefined;
  readonly starts: readonly [Timestamp, ...Timestamp[]];
  readonly end: Timestamp;
  readonly interval: number;
  readonly now: Timestamp;
};

/** One group of runs: the number of the bar into which their expected start falls (exact to the microsecond), and their state. */
export type HistoryGroup = {
  bar: number;
  state_type: StateType | null;
  state_name: string | null;
  count_runs: number;
  /** Seconds that the runs have run, the present stretch of running ones included; nothing below zero counts. */
  sum_estimated_run_time: number;
  /** Seconds by which the runs started late, or are late by now where they neither started nor ended. */
  sum_estimated_lateness: number;
};

/** The groups, ordered by bar, state type and state name. */
export type History = (session: Session, question: HistoryQuestion) => Promise<HistoryGroup[]>;

/** differs because SQLite would sort all runs to group them: a function of our connections groups them as they come. */
export const historyInSqlite: History = async (session, question) => {
  const { table, starts, interval, now } = question;
  const column = (name: string) => sql.ref(`${table}.${name}`);
  const statement = sql`
    select mintaka_history(
      ${micros(starts[0])}, ${Math.round(interval * 1e6)}, ${micros(now)},
      ${column('expected_start_time')}, ${column('state_type')}, ${column('state_name')},
      ${column('start_time')}, ${column('total_run_time')},
      case when ${column('state_type')} = 'RUNNING' then ${column('state_timestamp')} end) as groups
    from ${sql.table(table)}
    where ${within(question)}`;
  const [answer] = await session.ask<{ groups: string }>(statement.compile(session.sql));
  const groups: HistoryGroup[] = answer === undefined ? [] : JSON.parse(answer.groups);
  return groups.sort(byBarAndState);
};

/**
 * The same, grouped by Postgres. By the list of the bars' starts, since for arithmetic on the moments Postgres expects as
 * many groups as runs, and sorts them all.
 */
export const historyInPostgres: History = (session, question) => {
  const { table, starts } = question;
  const { runTime, lateness } = postgresSums(question);
  const statement = sql`
    select width_bucket(${sql.ref(`${table}.expected_start_time`)}, ${starts}::timestamptz[]) - 1 as bar,
      ${sql.ref(`${table}.state_type`)}, ${sql.ref(`${table}.state_name`)}, count(*) as count_runs,
      ${runTime} as sum_estimated_run_time, ${lateness} as sum_estimated_lateness
    from ${sql.table(table)}
    where ${within(question)}
    group by 1, 2, 3
    order by 1, 2, 3`;
  return session.ask<HistoryGroup>(statement.compile(session.sql));
};

function within({ table, condition, starts, end }: HistoryQuestion): RawBuilder<unknown> {
  const expected = sql.ref(`${table}.expected_start_time`);
  const frame = sql`${expected} >= ${starts[0]} and ${expected} < ${end}`;
  return condition === undefined ? frame : sql`${frame} and ${condition}`;
}

/** Interval sums are exact; seconds are made of them once a group. */
function postgresSums({ table, now }: HistoryQuestion) {
  const column = (name: string) => sql`${sql.ref(`${table}.${name}`)}`;
  const present = sql`cast(${now} as timestamptz)`;
  const nothing = sql`interval '0'`;
  const ran = sql`greatest(${nothing}, ${column('total_run_time')}
    + case when ${column('state_type')} = 'RUNNING' then ${present} - ${column('state_timestamp')} else ${nothing} end)`;
  const late = sql`case
    when ${column('start_time')} > ${column('expected_start_time')}
      then ${column('start_time')} - ${column('expected_start_time')}
    when ${column('start_time')} is null
      and ${column('state_type')} not in ('COMPLETED', 'CANCELLED', 'FAILED', 'CRASHED')
      and ${column('expected_start_time')} < ${present}
      then ${present} - ${column('expected_start_time')}
    else ${nothing} end`;
  const seconds = (span: RawBuilder<unknown>) =>
    sql`cast(extract(epoch from sum(${span})) as double precision)`;
  return { runTime: seconds(ran), lateness: seconds(late) };
}

function micros(moment: Timestamp): number {
  const { seconds, micros } = toEpoch(moment);
  return seconds * 1_000_000 + micros;
}

function byBarAndState(a: HistoryGroup, b: HistoryGroup): number {
  return a.bar - b.bar || compare(a.state_type, b.state_type) || compare(a.state_name, b.state_name);
}

function compare(a: string | null, b: string | null): number {
  if (a === b) return 0;
  if (a === null) return -1;
  return b === null || a > b ? 1 : -1;
}
