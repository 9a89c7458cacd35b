import type { Session } from '../../database/database.ts';
import type { FullLimit } from '../../orchestration/ports.ts';
import { lockPool } from '../queue-priorities.ts';

/**
 * The limit, of a work queue or of its pool, that leaves no slot for one run more. Where there is any limit, the pool is
 * locked before slots are counted, so that two who ask at once are not both given the last one.
 */
export async function fullLimit(session: Session, queueId: string): Promise<FullLimit | undefined> {
  const place = await session.first(
    session.sql
      .selectFrom('work_queue')
      .innerJoin('work_pool', 'work_pool.id', 'work_queue.work_pool_id')
      .select(['work_queue.name as queue', 'work_queue.concurrency_limit as queue_limit'])
      .select(['work_pool.id', 'work_pool.name as pool', 'work_pool.concurrency_limit as pool_limit'])
      .where('work_queue.id', '=', queueId),
  );
  if (place === undefined || (place.queue_limit === null && place.pool_limit === null)) return undefined;
  await lockPool(session, place.id);
  const taken = await session.dialect.questions.dispatch.takenSlots(session, queueId);
  if (taken === undefined) return undefined;
  if (place.queue_limit !== null && taken.queue >= place.queue_limit) {
    return { of: 'work queue', name: place.queue, concurrency_limit: place.queue_limit };
  }
  if (place.pool_limit !== null && taken.pool >= place.pool_limit) {
    return { of: 'work pool', name: place.pool, concurrency_limit: place.pool_limit };
  }
  return undefined;
}
