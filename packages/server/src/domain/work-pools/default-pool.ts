import type { WriteSession } from '../../database/database.ts';
import type { Context } from '../context.ts';
import { lowestPriority } from '../queue-priorities.ts';

/** The pool of queues that are created without one. */
export const defaultPoolName = 'default-agent-pool';
/** The queue that every pool has. */
export const defaultQueueName = 'default';

/** A pool with its default queue. */
export type PoolWithQueue = { id: string; defaultQueueId: string };

/** The pool of queues that are created without one; creates it or its default queue if missing. */
export async function ensureDefaultPool(context: Context, session: WriteSession): Promise<PoolWithQueue> {
  const now = context.clock.now();
  await session.run(
    session.sql
      .insertInto('work_pool')
      .values({
        id: context.random.id(),
        created: now,
        updated: now,
        name: defaultPoolName,
        type: 'prefect-agent',
      })
      .onConflict((conflict) => conflict.column('name').doNothing()),
  );
  const found = await findPool(context, session, defaultPoolName);
  if (found === undefined) throw new Error('the default pool was deleted while it was being created');
  return found;
}

/** The pool with this name; creates its default queue if it is missing. */
export async function findPool(
  context: Context,
  session: WriteSession,
  name: string,
): Promise<PoolWithQueue | undefined> {
  const pool = await session.first(
    session.sql
      .selectFrom('work_pool')
      .leftJoin('work_queue', 'work_queue.id', 'work_pool.default_queue_id')
      .select(['work_pool.id', 'work_queue.id as default_queue_id'])
      .where('work_pool.name', '=', name),
  );
  if (pool === undefined) return undefined;
  const { id, default_queue_id } = pool;
  return { id, defaultQueueId: default_queue_id ?? (await makeDefaultQueue(context, session, id)) };
}

/** Assigns a pool its default queue: the one with that name, created if it is missing. */
export async function makeDefaultQueue(
  context: Context,
  session: WriteSession,
  poolId: string,
): Promise<string> {
  const now = context.clock.now();
  await session.run(
    session.sql
      .insertInto('work_queue')
      .values({
        id: context.random.id(),
        created: now,
        updated: now,
        name: defaultQueueName,
        description: "The work pool's default queue.",
        work_pool_id: poolId,
        priority: await lowestPriority(session, poolId),
      })
      .onConflict((conflict) => conflict.columns(['work_pool_id', 'name']).doNothing()),
  );
  const queue = await session.first(
    session.sql
      .selectFrom('work_queue')
      .select('id')
      .where('work_pool_id', '=', poolId)
      .where('name', '=', defaultQueueName),
  );
  if (queue === undefined) throw new Error("a pool's default queue was deleted while it was being created");
  await session.run(
    session.sql
      .updateTable('work_pool')
      .set({ default_queue_id: queue.id, updated: now })
      .where('id', '=', poolId),
  );
  return queue.id;
}
