import type { ReadSession, WriteSession } from '../database/database.ts';

/** The tables whose new rows prove a commit. */
type ProvingTable =
  | 'block_document'
  | 'block_type'
  | 'flow_run_notification_policy'
  | 'flow_run_state'
  | 'log'
  | 'task_run_state'
  | 'work_pool'
  | 'work_queue';

/**
 * Names a row that a transaction inserts as the proof of its commit, in case the connection breaks during the commit. It
 * costs nothing until then. Transactions without such a row use their transaction id as the proof.
 */
export function proveByRow(session: WriteSession, table: ProvingTable, id: string): void {
  session.proveCommit({ committed: (later) => rowExists(later, table, id) });
}

async function rowExists({ sql, first }: ReadSession, table: ProvingTable, id: string): Promise<boolean> {
  return (await first(sql.selectFrom(table).select('id').where('id', '=', id))) !== undefined;
}
