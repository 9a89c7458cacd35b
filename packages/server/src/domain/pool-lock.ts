import type { ReadSession } from '../database/database.ts';

/** Locks a pool until the transaction ends: its queues cannot be moved, and its slots cannot be taken. */
export async function lockPool(session: ReadSession, poolId: string): Promise<void> {
  const pool = session.sql.selectFrom('work_pool').select('id').where('id', '=', poolId);
  await session.first(session.dialect.bindings.lock(pool, 'work_pool'));
}
