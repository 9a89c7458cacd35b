import { type JsonText, MESSAGE_LIMIT, type StateType, type Timestamp } from '@mintaka/contract';
import type { DialectName } from '../dialect-name.ts';
import type { Reader, Statement, Writer } from '../statements.ts';
import type { Bindings } from './bindings.ts';

/**
 * A message to be sent: who is told (`block_document_id`), by which policy, of which state of which flow run. Texts end one
 * character after the most that a message can show of them.
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
  /** Null if the template does not name them, or they are too large to be shown. */
  flow_run_parameters: JsonText | null;
  flow_run_state_type: StateType;
  flow_run_state_name: string;
  flow_run_state_timestamp: Timestamp;
  flow_run_state_message: string | null;
};

/** How many notifications are taken at most, what time it is, and until when nobody else takes them. */
export type NotificationLease = { limit: number; now: Timestamp; until: Timestamp };

/**
 * Takes those notifications from the queue that have waited longest, for as long as the lease lasts: `updated` is the
 * moment from which a row may be taken (again), `created` the moment when it was taken first. Whoever has sent one deletes
 * its row. Rows whose policy or run is gone are deleted at once; they count as taken, but are not among the notifications.
 */
export type TakeNotifications = (
  session: Writer,
  lease: NotificationLease,
) => Promise<{ taken: number; notifications: QueuedNotification[] }>;

/** A row that was never taken has the same moment in both columns: the database wrote them at once. */
const isDue = '(updated = created or updated <= $1)';

/** Parameters with a longer JSON text than this, in characters, are not read. */
const longestParameters = 1_000_000;

const beginning = (column: string) => `substr(${column}, 1, ${MESSAGE_LIMIT + 1})`;

// A hundred runs with large values do not fit into memory at once.
const details = `
  queue.id as queue_id, queue.created as first_taken, policy.id as flow_run_notification_policy_id,
  ${beginning('policy.message_template')} as message_template, policy.block_document_id, flow.id as flow_id,
  ${beginning('flow.name')} as flow_name, run.id as flow_run_id, ${beginning('run.name')} as flow_run_name,
  named.parameters as flow_run_parameters,
  state.type as flow_run_state_type, ${beginning('state.name')} as flow_run_state_name,
  state.timestamp as flow_run_state_timestamp, ${beginning('state.message')} as flow_run_state_message`;

const joins = `
  left join flow_run_notification_policy as policy on policy.id = queue.flow_run_notification_policy_id
  left join flow_run_state as state on state.id = queue.flow_run_state_id
  left join flow_run as run on run.id = state.flow_run_id
  left join flow_run as named on named.id = run.id and policy.message_template like '%{flow_run_parameters%'
    and length(cast(named.parameters as text)) <= ${longestParameters}
  left join flow on flow.id = run.flow_id`;

const setTaken = (table: string) =>
  `created = case when ${table}.updated = ${table}.created then $1 else ${table}.created end, updated = $2`;

const takeFromPostgres = `
  with due as (
    select id, updated from flow_run_notification_queue
    where ${isDue.replace('$1', 'cast($1 as timestamptz)')}
    order by updated, id limit $3
    for update skip locked
  ), queue as (
    update flow_run_notification_queue as row set ${setTaken('row')}
    from due where row.id = due.id
    returning row.id, row.created, row.flow_run_notification_policy_id, row.flow_run_state_id, due.updated as waiting_since
  )
  select ${details} from queue ${joins}
  order by queue.waiting_since, queue.id`;

// differs because SQLite's own moments have milliseconds: of one millisecond, what was written first comes first.
const dueInSqlite = `
  select id from flow_run_notification_queue where ${isDue} order by updated, rowid limit cast($2 as integer)`;
const takeFromSqlite = `
  update flow_run_notification_queue set ${setTaken('flow_run_notification_queue')}
  where id in (select value from json_each($3))`;
const detailsInSqlite = `
  select ${details} from json_each($1) as due join flow_run_notification_queue as queue on queue.id = due.value ${joins}
  order by due.key`;

type Row = { [column in keyof QueuedNotification]: QueuedNotification[column] | null } & { queue_id: string };

/** How one dialect takes notifications. */
export function takeNotificationsFrom(name: DialectName, bindings: Bindings): TakeNotifications {
  // differs because SQLite's UPDATE knows neither an order nor joined rows in its answer; and because several servers
  // share a Postgres, where each passes over what another is about to take. SQLite has one writer at a time.
  const take = name === 'sqlite' ? takeOneAfterTheOther : takeAtOnce;
  return async (session, lease) => {
    const rows = await take(session, lease);
    const notifications = rows.filter(isWhole);
    const orphans = rows.filter((row) => !isWhole(row)).map((row) => row.queue_id);
    if (orphans.length > 0) {
      session.send(
        session.sql
          .deleteFrom('flow_run_notification_queue')
          .where(bindings.isAnyOf('flow_run_notification_queue.id', orphans)),
      );
    }
    return { taken: rows.length, notifications };
  };
}

function takeAtOnce(session: Reader, { limit, now, until }: NotificationLease): Promise<Row[]> {
  return session.ask<Row>({ sql: takeFromPostgres, parameters: [now, until, limit] });
}

async function takeOneAfterTheOther(session: Writer, lease: NotificationLease): Promise<Row[]> {
  const { limit, now, until } = lease;
  const due = await session.ask<{ id: string }>(forSqlite(dueInSqlite, [now, limit]));
  if (due.length === 0) return [];
  const ids = JSON.stringify(due.map((row) => row.id));
  session.send(forSqlite(takeFromSqlite, [now, until, ids]));
  return session.ask<Row>(forSqlite(detailsInSqlite, [ids]));
}

function forSqlite(text: string, parameters: readonly unknown[]): Statement {
  return { sql: text.replaceAll(/\$\d+/g, '?'), parameters };
}

function isWhole(row: Row): row is QueuedNotification {
  return row.flow_run_notification_policy_id !== null && row.flow_id !== null;
}
