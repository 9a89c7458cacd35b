import type { Change } from '../../changes.ts';
import type { Statement } from '../../statements.ts';

/** The channel on which servers notify each other of changes. */
export const channel = 'mintaka_change';

/** A change with the snapshot of its read; without changes the snapshot alone. */
export type ReadRow = { snapshot: string } & (Change | { [Column in keyof Change]: null });

/** Reads {@link ReadRow}: the changes of transactions that had not ended in the given snapshot, at most the given number. */
export const readChanges = `
  select txid_current_snapshot()::text as snapshot,
    change.kind, change.id, change.action, change.flow_run_id, change.state_type, change.work_queue_id
  from (select) as one
  left join mintaka_change as change
    -- Transactions end in another order than they begin: those count that had not ended at the last look.
    on change.transaction >= txid_snapshot_xmin($1::txid_snapshot)
    and not txid_visible_in_snapshot(change.transaction, $1::txid_snapshot)
  order by change.number limit $2::integer`;
/** Reads which transactions have ended. */
export const readSnapshot = 'select txid_current_snapshot()::text as snapshot';
/** Counts the sessions of other programs on the database. */
export const readForeign = `
  select count(*)::integer as sessions from pg_stat_activity
  where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
    and coalesce(application_name, '') <> 'mintaka'`;
const insertOne = `
  insert into mintaka_change (kind, id, action, flow_run_id, state_type, work_queue_id)
  values ($1, $2::uuid, $3, $4::uuid, $5, $6::uuid)`;
const insertMany = `
  insert into mintaka_change (kind, id, action, flow_run_id, state_type, work_queue_id)
  select * from unnest($1::text[], $2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::uuid[])`;
/** Deletes changes of transactions that began before the given snapshot, at most the given number. */
export const forget = `
  delete from mintaka_change where number in (
    select number from mintaka_change where transaction < txid_snapshot_xmin($1::txid_snapshot) order by transaction limit $2::integer
    for update skip locked)`;
/** Notifies the other servers. */
export const notify: Statement = { sql: `select pg_notify('${channel}', '')`, parameters: [] };

/** The statement that records changes within their transaction. */
export function noteChanges(changes: readonly Change[]): Statement {
  const [first, ...others] = changes;
  if (first !== undefined && others.length === 0) {
    const { kind, id, action, flow_run_id, state_type, work_queue_id } = first;
    return { sql: insertOne, parameters: [kind, id, action, flow_run_id, state_type, work_queue_id] };
  }
  const column = (name: keyof Change) => changes.map((change) => change[name]);
  return {
    sql: insertMany,
    parameters: [
      column('kind'),
      column('id'),
      column('action'),
      column('flow_run_id'),
      column('state_type'),
      column('work_queue_id'),
    ],
  };
}
