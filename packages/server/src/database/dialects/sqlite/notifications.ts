import {
  details,
  joins,
  setTaken,
  type TakeNotifications,
  type TakenRow,
  withoutOrphans,
} from '../notifications.ts';
import { sqliteBindings } from './bindings.ts';

const selectDue = `
  -- The rows that waited longest and were never taken or whose lease has ended. SQLite's times have milliseconds: within
  -- one, rowid is the order of writing.
  select id from flow_run_notification_queue
  where (updated = created or updated <= ?)
  order by updated, rowid limit cast(? as integer)`;

const take = `
  update flow_run_notification_queue set ${setTaken('flow_run_notification_queue', '?', '?')}
  where id in (select value from json_each(?))`;

const selectTaken = `
  select ${details} from json_each(?) as due join flow_run_notification_queue as queue on queue.id = due.value ${joins}
  order by due.key`;

/** differs because SQLite's UPDATE can neither follow an order nor return joined rows: three statements. */
export const takeNotificationsFromSqlite: TakeNotifications = async (session, { limit, now, until }) => {
  const due = await session.ask<{ id: string }>({ sql: selectDue, parameters: [now, limit] });
  if (due.length === 0) return { taken: 0, notifications: [] };
  const ids = JSON.stringify(due.map((row) => row.id));
  session.send({ sql: take, parameters: [now, until, ids] });
  const rows = await session.ask<TakenRow>({ sql: selectTaken, parameters: [ids] });
  return withoutOrphans(session, rows, sqliteBindings);
};
