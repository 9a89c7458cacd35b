import {
  details,
  joins,
  setTaken,
  type TakeNotifications,
  type TakenRow,
  withoutOrphans,
} from '../notifications.ts';
import { postgresBindings } from './bindings.ts';

const take = `
  with
  -- The rows that waited longest and were never taken or whose lease has ended. Several servers share the queue: each skips
  -- the rows that another is taking.
  due as (
    select id, updated from flow_run_notification_queue
    where (updated = created or updated <= cast($1 as timestamptz))
    order by updated, id limit $3
    for update skip locked
  ),
  -- Takes them until the lease ends.
  queue as (
    update flow_run_notification_queue as row set ${setTaken('row', '$1', '$2')}
    from due where row.id = due.id
    returning row.id, row.created, row.flow_run_notification_policy_id, row.flow_run_state_id, due.updated as waiting_since
  )
  select ${details} from queue ${joins}
  order by queue.waiting_since, queue.id`;

/** One statement. */
export const takeNotificationsFromPostgres: TakeNotifications = async (session, { limit, now, until }) => {
  const rows = await session.ask<TakenRow>({ sql: take, parameters: [now, until, limit] });
  return withoutOrphans(session, rows, postgresBindings);
};
