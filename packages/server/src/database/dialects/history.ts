import { type HistoryResponseState, type RunKind, type Timestamp, toEpoch } from '@mintaka/contract';
import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Reader } from '../statements.ts';

/** Which runs a history counts, and how: the moments at which its bars start, one every `interval` seconds; the last one ends at `end`. */
export type HistoryQuestion = {
  readonly table: RunKind;
  /** Left out where all runs of the time count. */
  readonly condition: Expression<SqlBool> | undefined;
  readonly starts: readonly [Timestamp, ...Timestamp[]];
  readonly end: Timestamp;
  readonly interval: number;
  readonly now: Timestamp;
};

/** The runs of one state, and the number of the bar that their expected start falls into, exact to the microsecond. */
export type HistoryGroup = HistoryResponseState & { bar: number };

/** The groups, ordered by bar, state type and state name. */
export type History = (session: Reader, question: HistoryQuestion) => Promise<HistoryGroup[]>;

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
 * The same, grouped by Postgres. It would expect as many groups as there are moments, and sort all runs to group them; the
 * bars out of a subquery that it cannot dissolve it takes for few.
 */
export const historyInPostgres: History = (session, question) => {
  const { table, starts } = question;
  const { ran, late } = postgresSpans(question);
  const seconds = (span: string) => sql`cast(extract(epoch from sum(${sql.ref(span)})) as double precision)`;
  const statement = sql`
    select bar, state_type, state_name, count(*) as count_runs,
      ${seconds('ran')} as sum_estimated_run_time, ${seconds('late')} as sum_estimated_lateness
    from (
      select width_bucket(${sql.ref(`${table}.expected_start_time`)}, ${starts}::timestamptz[]) - 1 as bar,
        ${sql.ref(`${table}.state_type`)}, ${sql.ref(`${table}.state_name`)}, ${ran} as ran, ${late} as late
      from ${sql.table(table)}
      where ${within(question)}
      offset 0) as run
    group by bar, state_type, state_name
    order by bar, state_type, state_name`;
  return session.ask<HistoryGroup>(statement.compile(session.sql));
};

function within({ table, condition, starts, end }: HistoryQuestion): RawBuilder<unknown> {
  const expected = sql.ref(`${table}.expected_start_time`);
  const frame = sql`${expected} >= ${starts[0]} and ${expected} < ${end}`;
  return condition === undefined ? frame : sql`${frame} and ${condition}`;
}

/** As intervals, whose sums are exact. */
function postgresSpans({ table, now }: HistoryQuestion) {
  const column = (name: string) => sql`${sql.ref(`${table}.${name}`)}`;
  const present = sql`cast(${now} as timestamptz)`;
  const nothing = sql`interval '0'`;
  const ran = sql`greatest(${nothing}, ${column('total_run_time')}
    + case when ${column('state_type')} = 'RUNNING' then coalesce(${present} - ${column('state_timestamp')}, ${nothing}) else ${nothing} end)`;
  const late = sql`case
    when ${column('start_time')} > ${column('expected_start_time')}
      then ${column('start_time')} - ${column('expected_start_time')}
    when ${column('start_time')} is null
      and ${column('state_type')} not in ('COMPLETED', 'CANCELLED', 'FAILED', 'CRASHED')
      and ${column('expected_start_time')} < ${present}
      then ${present} - ${column('expected_start_time')}
    else ${nothing} end`;
  return { ran, late };
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
