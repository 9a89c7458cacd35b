import { type Timestamp, toEpoch } from '@mintaka/contract';
import { sql } from 'kysely';
import { type History, type HistoryGroup, isInHistory } from '../history.ts';

/**
 * differs because SQLite would sort all runs to group them: an aggregate function of our connections groups them as they are
 * read.
 */
export const historyInSqlite: History = async (session, question) => {
  const { table, starts, interval, now } = question;
  const column = (name: string) => sql.ref(`${table}.${name}`);
  const statement = sql`
    -- mintaka_history exists only on connections of the server. It takes the start of the first bar, the length of a bar and
    -- the present, in microseconds; then the columns of a run, with the start of its present stretch if it is running.
    select mintaka_history(
      ${micros(starts[0])}, ${Math.round(interval * 1e6)}, ${micros(now)},
      ${column('expected_start_time')}, ${column('state_type')}, ${column('state_name')},
      ${column('start_time')}, ${column('total_run_time')},
      case when ${column('state_type')} = 'RUNNING' then ${column('state_timestamp')} end) as groups
    from ${sql.table(table)}
    where ${isInHistory(question)}`;
  const [answer] = await session.ask<{ groups: string }>(statement.compile(session.sql));
  const groups: HistoryGroup[] = answer === undefined ? [] : JSON.parse(answer.groups);
  return groups.sort(byBarAndState);
};

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
