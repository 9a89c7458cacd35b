import type {
  FlowRun,
  FlowRunResponse,
  QueueFilter,
  Timestamp,
  WorkerFlowRunResponse,
  WorkPoolRunsBody,
  WorkQueueRunsBody,
} from '@mintaka/contract';
import { flowRunFromRow, pooledFlowRunFromRow, selectFlowRuns } from '../database/codecs/flow-run.ts';
import { queueFilter } from '../database/codecs/work-queue.ts';
import type { Session } from '../database/database.ts';
import { composeFlowRuns } from '../database/filters/compose.ts';
import type { FlowRunCriteria } from '../database/filters/flow-run.ts';
import { sortFlowRuns } from '../database/sorts.ts';
import type { Context } from './context.ts';
import { NotFoundError } from './errors.ts';
import type { PollTeller } from './poll-recorder.ts';
import { queueNotFound } from './pool-queues.ts';
import { poolNotFound, workPoolId } from './work-pools.ts';
import { queueById, type WorkQueueRow } from './work-queue-rows.ts';

/** No pool and no queue hands out more at once, whatever the page limit. */
const mostRuns = 1000;

/** A run that a pool hands out, and where it waited. */
export type PooledFlowRun = { work_pool_id: string; work_queue_id: string; flow_run: FlowRun };

/**
 * The next runs of a pool for a worker: by the priority of their queues, then by time, as far as the concurrency limits of
 * pool and queues have room. Nothing is claimed; the poll is recorded once it is answered.
 * @throws NotFoundError for the pool, or for one of the queues that are named.
 */
export async function pollWorkPool(
  context: Context,
  recorder: PollTeller,
  name: string,
  body: WorkPoolRunsBody,
): Promise<WorkerFlowRunResponse[]> {
  const { work_queue_names, scheduled_after, scheduled_before, limit } = body;
  const { poolId, runs } = await context.database.read(async (session) => {
    const { poolId, queueIds } = await findQueues(session, name, work_queue_names ?? []);
    const runs = await session.dialect.questions.dispatch.fromPools(session, {
      pools: [poolId],
      queues: queueIds.length === 0 ? null : queueIds,
      scheduledAfter: scheduled_after ?? null,
      scheduledBefore: scheduled_before ?? null,
      limit: limit ?? context.settings.pageLimit,
      limitPerPool: mostRuns,
      limitPerQueue: mostRuns,
    });
    return { poolId, queueIds, runs };
  });
  recorder.poolPolled(poolId, work_queue_names ?? []);
  const now = context.clock.now();
  return runs.map((run) => ({
    work_pool_id: run.pool_id,
    work_queue_id: run.queue_id,
    flow_run: pooledFlowRunFromRow(run, now),
  }));
}

/** A pool and the named queues of it, in one question. */
async function findQueues(
  session: Session,
  pool: string,
  names: readonly string[],
): Promise<{ poolId: string; queueIds: string[] }> {
  if (names.length === 0) return { poolId: await workPoolId(session, pool), queueIds: [] };
  const rows = await session.all(
    session.sql
      .selectFrom('work_pool')
      .leftJoin('work_queue', (join) =>
        join
          .onRef('work_queue.work_pool_id', '=', 'work_pool.id')
          .on(session.dialect.bindings.isAnyOf('work_queue.name', names)),
      )
      .select(['work_pool.id as pool_id', 'work_queue.id as queue_id', 'work_queue.name as queue_name'])
      .where('work_pool.name', '=', pool),
  );
  const poolId = rows[0]?.pool_id;
  if (poolId === undefined) throw poolNotFound(pool);
  const missing = names.find((name) => !rows.some((row) => row.queue_name === name));
  if (missing !== undefined) throw queueNotFound({ pool, queue: missing });
  return { poolId, queueIds: rows.map((row) => row.queue_id).filter((id) => id !== null) };
}

/** An agent's poll of a queue. */
export type QueuePoll = {
  queueId: string;
  body: WorkQueueRunsBody;
  /** Whether this is but a look, such as a page takes, and no poll to be recorded. */
  isLook: boolean;
};

/**
 * The next runs of a queue for an agent, by time, as far as the queue's concurrency limit has room. Queues of the old kind
 * find their runs by tags and deployments, all others by their own name.
 * @throws NotFoundError
 */
export async function pollWorkQueue(
  context: Context,
  recorder: PollTeller,
  { queueId, body, isLook }: QueuePoll,
): Promise<FlowRunResponse[]> {
  const demand = {
    limit: body.limit ?? context.settings.pageLimit,
    scheduledBefore: body.scheduled_before ?? null,
  };
  const queue = await context.database.read((session) => queueById(session, queueId));
  if (queue === undefined) {
    throw new NotFoundError(`Work queue with id ${queueId} not found.`, 'exception_message');
  }
  const filter = queueFilter(queue.filter);
  const rows =
    filter === null
      ? await context.database.read((session) =>
          session.dialect.questions.dispatch.fromQueues(session, {
            queues: [queueId],
            scheduledBefore: demand.scheduledBefore,
            limitPerQueue: demand.limit,
          }),
        )
      : await context.database.readLong((session) => filteredRuns(session, queue, filter, demand));
  if (!isLook) recorder.queuePolled(queueId, body.agent_id ?? null);
  const now = context.clock.now();
  return rows.map((row) => flowRunFromRow(row, now));
}

type QueueDemand = { limit: number; scheduledBefore: Timestamp | null };

async function filteredRuns(
  session: Session,
  queue: WorkQueueRow,
  { tags, deployment_ids }: QueueFilter,
  { limit, scheduledBefore }: QueueDemand,
) {
  if (queue.is_paused) return [];
  const wanted: FlowRunCriteria = {
    tags: { all_: tags },
    deployment_id: { any_: deployment_ids, is_null_: false },
  };
  const free = await freeSlots(session, queue, wanted);
  const chosen = composeFlowRuns(session, selectFlowRuns(session.sql), {
    flow_runs: {
      ...wanted,
      state: { type: { any_: ['SCHEDULED'] } },
      next_scheduled_start_time: { before_: scheduledBefore },
    },
  });
  const ordered = sortFlowRuns(chosen, 'NEXT_SCHEDULED_START_TIME_ASC').orderBy('flow_run.id');
  return session.all(ordered.limit(Math.min(limit, free)));
}

async function freeSlots(session: Session, queue: WorkQueueRow, wanted: FlowRunCriteria): Promise<number> {
  if (queue.concurrency_limit === null) return Number.POSITIVE_INFINITY;
  const holding = composeFlowRuns(session, session.sql.selectFrom('flow_run'), {
    flow_runs: { ...wanted, state: { type: { any_: ['PENDING', 'RUNNING', 'CANCELLING'] } } },
  });
  const counted = await session.first(holding.select((the) => the.fn.countAll<number>().as('count')));
  return Math.max(0, queue.concurrency_limit - (counted?.count ?? 0));
}
