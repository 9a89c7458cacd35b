import { type JsonText, WorkQueueCreate } from '@mintaka/contract';
import type { ReadSession, WriteSession } from '../../database/database.ts';
import type { Context } from '../context.ts';
import { RefusedError } from '../errors.ts';
import { defaultPoolName } from '../work-pools/default-pool.ts';
import { defaultQueueId, ensurePoolQueue } from '../work-pools/pool-queues.ts';
import { poolNotFound } from '../work-pools/work-pools.ts';
import { ensureWorkQueue } from '../work-pools/work-queues.ts';

/** The pool and queue of a deployment, as a client names them. An empty name means none. */
export type Place = {
  work_pool_name?: string | null | undefined;
  work_queue_name?: string | null | undefined;
};

/**
 * The id of the queue with this name, created if it is missing; undefined if none is named. A queue without a pool belongs to
 * `ownPool`, the deployment's pool, or else to the default pool.
 * @throws NotFoundError if the pool does not exist, RefusedError if the name of the queue is invalid.
 */
export async function queueOfPlace(
  context: Context,
  session: WriteSession,
  { work_pool_name: pool, work_queue_name: queue }: Place,
  ownPool = defaultPoolName,
): Promise<string | undefined> {
  if (queue) checkName(queue);
  if (pool && queue) return (await ensurePoolQueue(context, session, { pool, queue })).id;
  if (pool) return defaultQueueId(context, session, pool);
  if (!queue) return undefined;
  if (ownPool !== defaultPoolName)
    return (await ensurePoolQueue(context, session, { pool: ownPool, queue })).id;
  return (await ensureWorkQueue(context, session, queue)).id;
}

/** The name of the pool that a queue is in; undefined for no queue. */
export async function poolOfQueue(session: ReadSession, queueId: string | null): Promise<string | undefined> {
  if (queueId === null) return undefined;
  const pool = await session.first(
    session.sql
      .selectFrom('work_queue')
      .innerJoin('work_pool', 'work_pool.id', 'work_queue.work_pool_id')
      .select('work_pool.name')
      .where('work_queue.id', '=', queueId),
  );
  return pool?.name;
}

/** The template of jobs of the pool with this name. @throws NotFoundError */
export async function templateOfPool(session: ReadSession, name: string): Promise<JsonText> {
  const pool = await session.first(
    session.sql.selectFrom('work_pool').select('base_job_template').where('name', '=', name),
  );
  if (pool === undefined) throw poolNotFound(name);
  return pool.base_job_template;
}

function checkName(name: string): void {
  if (WorkQueueCreate.safeParse({ name }).success) return;
  throw new RefusedError(422, `"${name}" cannot be the name of a work queue.`);
}
