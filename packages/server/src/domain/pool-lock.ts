import type { ReadSession } from '../database/database.ts';

/** Keeps others from moving queues of a pool and from taking its slots until the transaction ends. */
export async function lockPool(session: ReadSession, poolId: string): Promise<void> {
  const pool = session.sql.selectFrom('work_pool').select('id').where('id', '=', poolId);
  await session.first(session.dialect.bindings.lock(pool, 'work_pool'));
}
