import type { CommitProof, ReadSession, WriteSession } from '../database/database.ts';

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
 * Proves a transaction's commit by a row that it inserts: what must not be inserted twice if the connection breaks during the
 * commit. Transactions that may simply run again (updates, upserts) need no proof.
 */
export function proveByRow(
  session: WriteSession,
  table: ProvingTable,
  id: string,
  answerLost?: CommitProof['answerLost'],
): void {
  const committed = (later: ReadSession) => rowExists(later, table, id);
  session.proveCommit(answerLost === undefined ? { committed } : { committed, answerLost });
}

async function rowExists({ sql, first }: ReadSession, table: ProvingTable, id: string): Promise<boolean> {
  return (await first(sql.selectFrom(table).select('id').where('id', '=', id))) !== undefined;
}
