import type { ReadSession } from '../../database/database.ts';
import type { FlowRunInTransition } from '../../database/dialects/state-change.ts';
import type { FullLimit } from '../../orchestration/ports.ts';
import { lockPool } from '../pool-lock.ts';

/**
 * The limit of a run's work queue or of its pool that has no free slot. If there is any limit, the pool is locked before
 * slots are counted, so that concurrent claims cannot both get the last slot.
 */
export async function fullLimit(
  session: ReadSession,
  run: FlowRunInTransition,
): Promise<FullLimit | undefined> {
  const { work_queue_id, queue_name, queue_limit, pool_id, pool_name, pool_limit } = run;
  if (work_queue_id === null || queue_name === null || pool_id === null || pool_name === null)
    return undefined;
  if (queue_limit === null && pool_limit === null) return undefined;
  await lockPool(session, pool_id);
  const taken = await session.dialect.questions.dispatch.takenSlots(session, work_queue_id);
  if (taken === undefined) return undefined;
  if (queue_limit !== null && taken.queue >= queue_limit) {
    return { of: 'work queue', name: queue_name, concurrency_limit: queue_limit };
  }
  if (pool_limit !== null && taken.pool >= pool_limit) {
    return { of: 'work pool', name: pool_name, concurrency_limit: pool_limit };
  }
  return undefined;
}
