import {
  secondsBetween,
  type WorkQueueCreate,
  type WorkQueueFilterBody,
  type WorkQueueStatusDetail,
  type WorkQueueUpdate,
} from '@mintaka/contract';
import { type WorkQueueResponse, workQueueFromRow } from '../../database/codecs/work-queue.ts';
import type { ReadSession, WriteSession } from '../../database/database.ts';
import { composeFlowRuns, narrow } from '../../database/filters/compose.ts';
import { workQueueWhere } from '../../database/filters/work-queue.ts';
import { type Batches, readPiece } from '../batches.ts';
import type { Context } from '../context.ts';
import { deleteWithChildren } from '../deletion/deletions.ts';
import { NotFoundError } from '../errors.ts';
import { pageOf } from '../pages.ts';
import { renumberQueues } from '../queue-priorities.ts';
import { defaultPoolName, defaultQueueName, ensureDefaultPool } from './default-pool.ts';
import {
  insertQueue,
  queueById,
  queueOfPool,
  refuseAgents,
  refuseDefaultQueue,
  refuseTakenName,
  updateQueue,
  type WorkQueueRow,
} from './work-queue-rows.ts';

const notFound = () => new NotFoundError('work queue not found');

/**
 * Creates a queue in the default pool, behind the others; the requested priority is ignored.
 * @throws RefusedError with 409 if the name is taken.
 */
export function createWorkQueue(context: Context, body: WorkQueueCreate): Promise<WorkQueueResponse> {
  return refuseTakenName('A work queue with this name already exists.', () =>
    context.database.transaction(async (session) => {
      const taken = await queueOfPool(session, defaultPoolName, body.name);
      const pool = await ensureDefaultPool(context, session);
      // If the default queue was missing, the pool has just been given this very queue.
      const id =
        taken === undefined && body.name === defaultQueueName
          ? pool.defaultQueueId
          : await insertQueue(context, session, pool.id, body);
      return workQueueFromRow(await existing(session, id));
    }),
  );
}

/** The queue with this id. @throws NotFoundError */
export async function readWorkQueue(context: Context, id: string): Promise<WorkQueueResponse> {
  return workQueueFromRow(await context.database.read((session) => existing(session, id)));
}

/** The queue of the default pool with this name; without a default pool, any queue with that name. @throws NotFoundError */
export async function readWorkQueueByName(context: Context, name: string): Promise<WorkQueueResponse> {
  const row = await context.database.read((session) => queueByName(session, name));
  if (row === undefined) throw notFound();
  return workQueueFromRow(row);
}

/** One page of the queues of all pools that match the filter, by name. */
export function filterWorkQueues(context: Context, body: WorkQueueFilterBody): Batches<WorkQueueResponse> {
  return readPiece(pageOf(context, body), ({ limit, offset }) =>
    context.database.readLong(async (session) => {
      const { bindings } = session.dialect;
      const chosen = narrow(
        session.sql.selectFrom('work_queue').selectAll(),
        body.work_queues && workQueueWhere(body.work_queues, bindings),
      );
      const page = chosen.orderBy('name').orderBy('id').limit(limit).offset(offset);
      return (await session.all(page)).map(workQueueFromRow);
    }),
  );
}

/**
 * Updates the given fields of a queue. Sets the priority without renumbering the pool's other queues. @throws NotFoundError
 */
export async function updateWorkQueue(context: Context, id: string, body: WorkQueueUpdate): Promise<void> {
  const changed = await context.database.transaction((session) => updateQueue(context, session, id, body));
  // The reference does not insert the id here, but Python's builtin of that name.
  if (changed === 0) throw new NotFoundError('Work Queue <built-in function id> not found');
}

/** Deletes a queue. @throws NotFoundError, IntegrityError if it is a pool's default queue or an agent has polled it */
export async function deleteWorkQueue(context: Context, id: string): Promise<void> {
  const isThere = await deleteWithChildren(context, { kind: 'work_queue', id }, async (session) => {
    await refuseDefaultQueue(session, id);
    await refuseAgents(session, [id]);
  });
  if (!isThere) throw notFound();
}

const healthPolicy = { maximum_late_runs: 0, maximum_seconds_since_last_polled: 60 };

/** The health of a queue: healthy if no run is late and it was polled within the last minute. @throws NotFoundError */
export function readWorkQueueStatus(context: Context, id: string): Promise<WorkQueueStatusDetail> {
  return context.database.readLong(async (session) => {
    const queue = await queueById(session, id);
    if (queue === undefined) {
      throw new NotFoundError(`Work queue with id ${id} not found`, 'exception_message');
    }
    const late = composeFlowRuns(session, session.sql.selectFrom('flow_run'), {
      flow_runs: { state: { name: { any_: ['Late'] } }, work_queue_name: { any_: [queue.name] } },
    });
    const counted = await session.first(late.select((eb) => eb.fn.countAll<number>().as('count')));
    const { last_polled } = workQueueFromRow(queue);
    const late_runs_count = counted?.count ?? 0;
    return {
      healthy: late_runs_count <= healthPolicy.maximum_late_runs && wasPolled(context, queue),
      late_runs_count,
      last_polled,
      health_check_policy: healthPolicy,
    };
  });
}

function wasPolled(context: Context, { last_polled }: WorkQueueRow): boolean {
  if (last_polled === null) return false;
  const elapsed = Math.floor(Math.abs(secondsBetween(last_polled, context.clock.now())));
  return elapsed <= healthPolicy.maximum_seconds_since_last_polled;
}

/**
 * The queue of the default pool with this name, created (with the pool) if it is missing, for deployments and runs that only
 * name a queue. In an existing pool, the new queue goes before all others.
 */
export async function ensureWorkQueue(
  context: Context,
  session: WriteSession,
  name: string,
): Promise<{ id: string; name: string }> {
  const found = await queueByName(session, name);
  if (found !== undefined) return found;
  const known = await defaultPoolId(session);
  const pool = await ensureDefaultPool(context, session);
  if (name === defaultQueueName) return { id: pool.defaultQueueId, name };
  const id = await insertQueue(context, session, pool.id, { name });
  if (known !== undefined) await renumberQueues(context, session, pool.id, { queueId: id, priority: 1 });
  return { id, name };
}

async function existing(session: ReadSession, id: string): Promise<WorkQueueRow> {
  const row = await queueById(session, id);
  if (row === undefined) throw notFound();
  return row;
}

async function queueByName(session: ReadSession, name: string): Promise<WorkQueueRow | undefined> {
  const poolId = await defaultPoolId(session);
  const named = session.sql.selectFrom('work_queue').selectAll().where('name', '=', name);
  return session.first(poolId === undefined ? named.limit(1) : named.where('work_pool_id', '=', poolId));
}

async function defaultPoolId(session: ReadSession): Promise<string | undefined> {
  const pool = await session.first(
    session.sql.selectFrom('work_pool').select('id').where('name', '=', defaultPoolName),
  );
  return pool?.id;
}
