import type { Timestamp } from '@mintaka/contract';
import { type RawBuilder, type SqlBool, sql } from 'kysely';

// The conditions of our partial indexes, for WHERE clauses. A database uses such an index only for a query that repeats its
// condition word for word, values included; a bound value would not do. The migrations keep their own copies, which never
// change; a test compares both.

/** The runs that wait for a worker. */
export const isScheduled = "state_type = 'SCHEDULED'";

/** The runs that are scheduled and not yet marked late. @internal for tests */
export const isPlainlyScheduled = "state_name = 'Scheduled'";

/** The runs that hold a slot of their queue and pool. */
export const holdsSlot = "state_type IN ('PENDING', 'RUNNING', 'CANCELLING')";

/**
 * The cancelling runs that may never have been claimed: they neither started nor have a process; their history decides.
 * `coalesce` and `case` prevent the databases from using the indexes over the types and the starts of all runs instead.
 */
export const mayBeUnclaimed = `coalesce(state_type, 'SCHEDULED') = 'CANCELLING'
  AND CASE WHEN start_time IS NULL THEN infrastructure_pid IS NULL ELSE false END`;

/** Whether a flow run is scheduled, late or not. */
export const runIsScheduled = sql<SqlBool>`${sql.raw(isScheduled)}`;

/** Whether a flow run is scheduled, and neither marked late nor waiting for a retry. */
export const runIsPlainlyScheduled = sql<SqlBool>`${sql.raw(isPlainlyScheduled)}`;

/** Whether a flow run is being cancelled that neither started nor has a process. */
export const runMayBeUnclaimed = sql<SqlBool>`${sql.raw(mayBeUnclaimed)}`;

/**
 * Whether a flow run is being cancelled although it was never claimed: its history has no Pending state. Such a run holds no
 * slot. A run without any history may have been claimed. For queries whose only run is `flow_run`. Each history is read
 * separately: `not exists` would let both databases begin with the Pending states of all runs.
 */
export const isUnclaimed = `${mayBeUnclaimed} and (
  select max(case when past.type = 'PENDING' then 1 else 0 end)
  from flow_run_state as past where past.flow_run_id = flow_run.id
) = 0`;

/**
 * Whether a flow run has not begun: it never ran and was never in another state than SCHEDULED, whatever state it is in now.
 * As above, each history is read by itself.
 */
export const runHasNotBegun = sql<SqlBool>`(flow_run.start_time is null and coalesce((
  select max(case when past.type = 'SCHEDULED' then 0 else 1 end)
  from flow_run_state as past where past.flow_run_id = flow_run.id
), 0) = 0)`;

/** {@link isUnclaimed} for Kysely's queries. */
export const runIsUnclaimed = sql<SqlBool>`(${sql.raw(isUnclaimed)})`;

/**
 * Whether a flow run is not held back: it does not wait in its own process for a retry that is due after the given time,
 * written as an expression. It reads no column that the dispatch indexes lack, and checks no run individually while no retry
 * is waiting at all. Postgres expects nearly every row to match `is not null`, and few to match any other form of this; then
 * it would sort all runs of a queue.
 */
export const isNotHeld = (moment: string) => `
  case when not exists (select 1 from mintaka_waiting_retry) or (
    select retry.run_id from mintaka_waiting_retry as retry
    where retry.run_id = flow_run.id and retry.due = flow_run.next_scheduled_start_time and retry.due > ${moment}
  ) is null then 1 end is not null`;

/** {@link isNotHeld} for Kysely's queries. */
export function runIsNotHeld(moment: Timestamp): RawBuilder<SqlBool> {
  const [before = '', after = ''] = isNotHeld('$').split('$');
  return sql<SqlBool>`(${sql.raw(before)}${moment}${sql.raw(after)})`;
}
