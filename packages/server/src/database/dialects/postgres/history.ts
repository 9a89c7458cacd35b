import { sql } from 'kysely';
import { type History, type HistoryGroup, type HistoryQuestion, isInHistory } from '../history.ts';

/** One statement, grouped by Postgres. */
export const historyInPostgres: History = (session, question) => {
  const { table, starts } = question;
  const { ran, late } = spans(question);
  const seconds = (span: string) => sql`cast(extract(epoch from sum(${sql.ref(span)})) as double precision)`;
  const statement = sql`
    select bar, state_type, state_name, count(*) as count_runs,
      ${seconds('ran')} as sum_estimated_run_time, ${seconds('late')} as sum_estimated_lateness
    from (
      select width_bucket(${sql.ref(`${table}.expected_start_time`)}, ${starts}::timestamptz[]) - 1 as bar,
        ${sql.ref(`${table}.state_type`)}, ${sql.ref(`${table}.state_name`)}, ${ran} as ran, ${late} as late
      from ${sql.table(table)}
      where ${isInHistory(question)}
      -- offset 0: else Postgres expects as many groups as there are start times, and sorts all runs to group them
      offset 0) as run
    group by bar, state_type, state_name
    order by bar, state_type, state_name`;
  return session.ask<HistoryGroup>(statement.compile(session.sql));
};

/** How long a run ran, and how late it is, as intervals: their sums are exact. */
function spans({ table, now }: HistoryQuestion) {
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
