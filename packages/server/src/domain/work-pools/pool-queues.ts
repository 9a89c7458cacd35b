import type { WorkPoolQueueFilterBody, WorkQueueCreate, WorkQueueUpdate } from '@mintaka/contract';
import { type WorkQueueResponse, workQueueFromRow } from '../../database/codecs/work-queue.ts';
import type { ReadSession, WriteSession } from '../../database/database.ts';
import { narrow } from '../../database/filters/compose.ts';
import { workQueueWhere } from '../../database/filters/work-queue.ts';
import { type Batches, readPiece } from '../batches.ts';
import type { Context } from '../context.ts';
import { deleteWithChildren } from '../deletion/deletions.ts';
import { NotFoundError, RefusedError } from '../errors.ts';
import { pageOf } from '../pages.ts';
import { renumberQueues } from '../queue-priorities.ts';
import { findPool } from './default-pool.ts';
import { poolNotFound, workPoolId } from './work-pools.ts';
import {
  insertQueue,
  isDefaultQueue,
  queueById,
  queueOfPool,
  refuseAgents,
  refuseTakenName,
  updateQueue,
  type WorkQueueRow,
} from './work-queue-rows.ts';

/** A queue by its pool's name and its own. */
export type QueuePlace = { pool: string; queue: string };

/**
 * Creates a queue in a pool: behind the others, or at the given priority.
 * @throws NotFoundError, RefusedError with 409 if the pool has a queue with that name.
 */
export function createPoolQueue(
  context: Context,
  pool: string,
  { priority, ...body }: WorkQueueCreate,
): Promise<WorkQueueResponse> {
  // Exactly the reference's text, including the braces.
  const taken = 'A work queue with this name already exists in work pool {work_pool_name!r}.';
  return refuseTakenName(taken, () =>
    context.database.transaction(async (session) => {
      const poolId = await workPoolId(session, pool);
      const queueId = await insertQueue(context, session, poolId, body);
      if (priority) await renumberQueues(context, session, poolId, { queueId, priority });
      return workQueueFromRow(await queueIn(session, { pool, queue: body.name }));
    }),
  );
}

/** The queue with this name. @throws NotFoundError */
export async function readPoolQueue(context: Context, place: QueuePlace): Promise<WorkQueueResponse> {
  return workQueueFromRow(await context.database.read((session) => queueIn(session, place)));
}

/** One page of the queues of a pool that match the filter, by priority. @throws NotFoundError */
export function filterPoolQueues(
  context: Context,
  pool: string,
  body: WorkPoolQueueFilterBody,
): Batches<WorkQueueResponse> {
  return readPiece(pageOf(context, body), ({ limit, offset }) =>
    context.database.readLong(async (session) => {
      const poolId = await workPoolId(session, pool);
      const chosen = narrow(
        session.sql.selectFrom('work_queue').selectAll().where('work_pool_id', '=', poolId),
        body.work_queues && workQueueWhere(body.work_queues, session.dialect.bindings),
      );
      const page = chosen.orderBy('priority').orderBy('created').orderBy('id').limit(limit).offset(offset);
      return (await session.all(page)).map(workQueueFromRow);
    }),
  );
}

/** Updates the given fields of a queue; with a new priority the pool's other queues are renumbered. @throws NotFoundError */
export function updatePoolQueue(context: Context, place: QueuePlace, body: WorkQueueUpdate): Promise<void> {
  return context.database.transaction(async (session) => {
    const { id, work_pool_id } = await queueIn(session, place);
    await updateQueue(context, session, id, body);
    const { priority } = body;
    if (priority === undefined || priority === null) return;
    await renumberQueues(context, session, work_pool_id, { queueId: id, priority });
  });
}

/**
 * Deletes a queue; those behind it move up.
 * @throws NotFoundError, RefusedError with 409 for the pool's default queue, IntegrityError if an agent has polled it.
 */
export async function deletePoolQueue(context: Context, place: QueuePlace): Promise<void> {
  const { id } = await context.database.read((session) => queueIn(session, place));
  const isThere = await deleteWithChildren(context, { kind: 'pool_queue', id }, async (session) => {
    if (await isDefaultQueue(session, id)) {
      throw new RefusedError(409, "Can't delete a pool's default queue.");
    }
    await refuseAgents(session, [id]);
  });
  if (!isThere) throw queueNotFound(place);
}

/** The id of a pool's default queue, which is created if it is missing. @throws NotFoundError */
export async function defaultQueueId(context: Context, session: WriteSession, pool: string): Promise<string> {
  const found = await findPool(context, session, pool);
  if (found === undefined) throw poolNotFound(pool);
  return found.defaultQueueId;
}

/** The queue with this pool and name, created if it is missing. @throws NotFoundError if the pool does not exist. */
export async function ensurePoolQueue(
  context: Context,
  session: WriteSession,
  { pool, queue }: QueuePlace,
): Promise<WorkQueueRow> {
  const found = await queueOfPool(session, pool, queue);
  if (found !== undefined) return found;
  const id = await insertQueue(context, session, await workPoolId(session, pool), { name: queue });
  const made = await queueById(session, id);
  if (made === undefined) throw queueNotFound({ pool, queue });
  return made;
}

/** The error for a missing queue of a pool. */
export function queueNotFound({ pool, queue }: QueuePlace): NotFoundError {
  return new NotFoundError(`Work pool queue '${pool}/${queue}' not found.`);
}

async function queueIn(session: ReadSession, place: QueuePlace): Promise<WorkQueueRow> {
  const row = await queueOfPool(session, place.pool, place.queue);
  if (row === undefined) throw queueNotFound(place);
  return row;
}
