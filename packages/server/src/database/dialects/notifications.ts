import { type JsonText, MESSAGE_LIMIT, type StateType, type Timestamp } from '@mintaka/contract';
import type { Writer } from '../statements.ts';
import type { Bindings } from './bindings.ts';

/**
 * A message to send: the block that sends it (`block_document_id`), the policy, the flow run and the state. Texts are
 * truncated one character after the maximum that a message can show.
 */
export type QueuedNotification = {
  queue_id: string;
  /** When it was taken for the first time. */
  first_taken: Timestamp;
  flow_run_notification_policy_id: string;
  message_template: string | null;
  block_document_id: string;
  flow_id: string;
  flow_name: string;
  flow_run_id: string;
  flow_run_name: string;
  /** Null if the template does not use them, or they are too large to be shown. */
  flow_run_parameters: JsonText | null;
  flow_run_state_type: StateType;
  flow_run_state_name: string;
  flow_run_state_timestamp: Timestamp;
  flow_run_state_message: string | null;
};

/** The maximum number of notifications to take, the current time, and until when no other server may take them. */
export type NotificationLease = { limit: number; now: Timestamp; until: Timestamp };

/**
 * Takes the notifications from the queue that have waited longest, for the duration of the lease: a row can be taken (again)
 * from `updated` on, and `created` is when it was first taken. The caller deletes the row of each message that it has sent.
 * Rows whose policy or run was deleted are deleted immediately; `taken` counts them, `notifications` omits them.
 */
export type TakeNotifications = (
  session: Writer,
  lease: NotificationLease,
) => Promise<{ taken: number; notifications: QueuedNotification[] }>;

/** Parameters with a longer JSON text than this, in characters, are not read. */
const longestParameters = 1_000_000;

const beginning = (column: string) => `substr(${column}, 1, ${MESSAGE_LIMIT + 1})`;

/**
 * The columns of {@link QueuedNotification}. Texts are truncated here, because a hundred runs with large values may not fit
 * into memory.
 */
export const details = `
  queue.id as queue_id, queue.created as first_taken, policy.id as flow_run_notification_policy_id,
  ${beginning('policy.message_template')} as message_template, policy.block_document_id, flow.id as flow_id,
  ${beginning('flow.name')} as flow_name, run.id as flow_run_id, ${beginning('run.name')} as flow_run_name,
  named.parameters as flow_run_parameters,
  state.type as flow_run_state_type, ${beginning('state.name')} as flow_run_state_name,
  state.timestamp as flow_run_state_timestamp, ${beginning('state.message')} as flow_run_state_message`;

/** Joins what {@link details} reads to a table `queue`. */
export const joins = `
  left join flow_run_notification_policy as policy on policy.id = queue.flow_run_notification_policy_id
  left join flow_run_state as state on state.id = queue.flow_run_state_id
  left join flow_run as run on run.id = state.flow_run_id
  -- the parameters, only if the template shows them
  left join flow_run as named on named.id = run.id and policy.message_template like '%{flow_run_parameters%'
    and length(cast(named.parameters as text)) <= ${longestParameters}
  left join flow on flow.id = run.flow_id`;

/**
 * Takes a row of `table`: `now` and `until` are parameters in the dialect's style. A row that was never taken has the same
 * time in both columns, because the database wrote them together.
 */
export const setTaken = (table: string, now: string, until: string) =>
  `created = case when ${table}.updated = ${table}.created then ${now} else ${table}.created end, updated = ${until}`;

/** A row of {@link details}; everything but its id is null if the policy or the run was deleted. */
export type TakenRow = { [column in keyof QueuedNotification]: QueuedNotification[column] | null } & {
  queue_id: string;
};

/** Sorts taken rows into notifications and rows whose policy or run was deleted, and deletes the latter. */
export function withoutOrphans(
  session: Writer,
  rows: readonly TakenRow[],
  bindings: Bindings,
): { taken: number; notifications: QueuedNotification[] } {
  const orphans = rows.filter((row) => !isWhole(row)).map((row) => row.queue_id);
  if (orphans.length > 0) {
    session.send(
      session.sql
        .deleteFrom('flow_run_notification_queue')
        .where(bindings.isAnyOf('flow_run_notification_queue.id', orphans)),
    );
  }
  return { taken: rows.length, notifications: rows.filter(isWhole) };
}

function isWhole(row: TakenRow): row is QueuedNotification {
  return row.flow_run_notification_policy_id !== null && row.flow_id !== null;
}
