import { storedJson, type WorkQueueCreate, type WorkQueueUpdate } from '@mintaka/contract';
import type { Selectable } from 'kysely';
import type { ReadSession, WriteSession } from '../../database/database.ts';
import type { Tables } from '../../database/tables.ts';
import { proveByRow } from '../commit-proofs.ts';
import type { Context } from '../context.ts';
import { IntegrityError, RefusedError } from '../errors.ts';
import { lockPool } from '../pool-lock.ts';
import { lowestPriority } from '../queue-priorities.ts';

/** A stored queue. */
export type WorkQueueRow = Selectable<Tables['work_queue']>;

/**
 * Adds a queue behind all others of a pool, and returns its id.
 * @throws IntegrityError if the pool has a queue with that name.
 */
export async function insertQueue(
  context: Context,
  session: WriteSession,
  poolId: string,
  body: Omit<WorkQueueCreate, 'priority'>,
): Promise<string> {
  await lockPool(session, poolId);
  const id = context.random.id();
  proveByRow(session, 'work_queue', id);
  const now = context.clock.now();
  const { name, description, is_paused, concurrency_limit = null, filter } = body;
  await session.run(
    session.sql.insertInto('work_queue').values({
      id,
      created: now,
      updated: now,
      name,
      description,
      is_paused,
      concurrency_limit,
      filter: filter === undefined || filter === null ? null : storedJson(filter),
      work_pool_id: poolId,
      priority: await lowestPriority(session, poolId),
    }),
  );
  return id;
}

/** Updates the given fields of a queue, without renumbering the pool's other queues; returns the number of changed queues. */
export function updateQueue(
  context: Context,
  session: WriteSession,
  id: string,
  { filter, ...plain }: WorkQueueUpdate,
): Promise<number> {
  return session.run(
    session.sql
      .updateTable('work_queue')
      .set({
        ...plain,
        ...(filter === undefined ? {} : { filter: filter === null ? null : storedJson(filter) }),
        updated: context.clock.now(),
      })
      .where('id', '=', id),
  );
}

/** The queue with this id. */
export function queueById(session: ReadSession, id: string): Promise<WorkQueueRow | undefined> {
  return session.first(session.sql.selectFrom('work_queue').selectAll().where('id', '=', id));
}

/** The queue with this name of the pool with that name. */
export function queueOfPool(
  session: ReadSession,
  pool: string,
  name: string,
): Promise<WorkQueueRow | undefined> {
  return session.first(
    session.sql
      .selectFrom('work_queue')
      .innerJoin('work_pool', 'work_pool.id', 'work_queue.work_pool_id')
      .selectAll('work_queue')
      .where('work_pool.name', '=', pool)
      .where('work_queue.name', '=', name),
  );
}

/** Whether a queue is the default queue of a pool. */
export async function isDefaultQueue(session: ReadSession, id: string): Promise<boolean> {
  const needing = session.sql.selectFrom('work_pool').select('id').where('default_queue_id', '=', id);
  return (await session.first(needing)) !== undefined;
}

/** Refuses to delete the default queue of a pool, before anything of it is deleted. @throws IntegrityError */
export async function refuseDefaultQueue(session: ReadSession, id: string): Promise<void> {
  if (await isDefaultQueue(session, id)) throw new IntegrityError('foreign key', undefined);
}

/** Refuses to delete queues that agents have polled, before anything of them is deleted. @throws IntegrityError */
export async function refuseAgents(session: ReadSession, queueIds: readonly string[]): Promise<void> {
  const agent = session.sql
    .selectFrom('agent')
    .select('id')
    .where(session.dialect.bindings.isAnyOf('agent.work_queue_id', queueIds));
  if ((await session.first(agent)) !== undefined) throw new IntegrityError('foreign key', undefined);
}

/** Answers a violated constraint with 409 and the given detail. */
export async function refuseTakenName<Result>(detail: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof IntegrityError) throw new RefusedError(409, detail);
    throw error;
  }
}
