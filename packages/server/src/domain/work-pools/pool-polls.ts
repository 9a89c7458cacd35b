import type { Timestamp, WorkerFlowRunResponse, WorkPoolRunsBody } from '@mintaka/contract';
import { pooledFlowRunFromRow } from '../../database/codecs/flow-run.ts';
import type { ReadSession } from '../../database/database.ts';
import type { PooledRun } from '../../database/dialects/dispatch.ts';
import { processesHaveBegunBy } from '../../orchestration/rules/leave-retries-to-their-process.ts';
import { readAsManyAsFit } from '../batches.ts';
import type { Context } from '../context.ts';
import { coalesce } from './coalesce.ts';
import type { PollSink } from './poll-recorder.ts';
import { queueNotFound } from './pool-queues.ts';
import { poolNotFound, workPoolId } from './work-pools.ts';

/** The maximum number of runs that a pool or a queue returns, whatever the page limit. */
const mostRuns = 1000;

/**
 * The next runs of a pool for a worker: by the priority of their queues, then by time, within the concurrency limits of pool
 * and queues. Nothing is claimed; the sink receives the poll after it is answered.
 * @throws NotFoundError for the pool, or for one of the named queues.
 */
export type PollWorkPool = (
  sink: PollSink,
  name: string,
  body: WorkPoolRunsBody,
) => Promise<WorkerFlowRunResponse[]>;

/** The pool and queues of a poll, and its earliest time. Polls that differ in these share nothing. */
type Place = { pool: string; queues: readonly string[]; after: Timestamp | null };
/** How far ahead a poll looks, and its maximum number of runs. */
type Reach = { before: Timestamp | null; limit: number };
type NextRuns = { poolId: string; runs: readonly PooledRun[] };

/** Answers polls; concurrent polls of many workers share a query. */
export function createPoolPolls(context: Context): PollWorkPool {
  const ask = ({ place, reach }: { place: Place; reach: Reach }) => nextRuns(context, place, reach);
  const askTogether = coalesce(ask, (one, other) => ({
    place: one.place,
    reach: widest(one.reach, other.reach),
  }));
  return async (sink, name, { work_queue_names, scheduled_after, scheduled_before, limit }) => {
    const place = { pool: name, queues: work_queue_names ?? [], after: scheduled_after ?? null };
    const reach = { before: scheduled_before ?? null, limit: limit ?? context.settings.pageLimit };
    const shared = await askTogether(JSON.stringify(place), { place, reach });
    const { poolId, runs } = isWithin(shared.runs, reach) ? shared : await ask({ place, reach });
    sink.poolPolled(poolId, place.queues);
    const now = context.clock.now();
    return runs.slice(0, reach.limit).map((run) => ({
      work_pool_id: run.pool_id,
      work_queue_id: run.queue_id,
      flow_run: pooledFlowRunFromRow(run, now),
    }));
  };
}

function widest(one: Reach, other: Reach): Reach {
  const before = one.before === null || other.before === null ? null : latest(one.before, other.before);
  return { before, limit: Math.max(one.limit, other.limit) };
}

function latest(one: Timestamp, other: Timestamp): Timestamp {
  return one > other ? one : other;
}

/**
 * Whether an answer for a wider reach begins with the answer for this reach. This is so if no run is beyond its bound: such a
 * run may have displaced a run of a queue with a lower priority.
 */
function isWithin(runs: readonly PooledRun[], { before }: Reach): boolean {
  return before === null || runs.every(({ next_scheduled_start_time: due }) => due !== null && due <= before);
}

function nextRuns(context: Context, place: Place, { before, limit }: Reach): Promise<NextRuns> {
  return context.database.read(async (session) => {
    const named = place.queues.length === 0 ? undefined : await findQueues(session, place);
    const runs = await readAsManyAsFit(limit, (fitting) =>
      session.dialect.questions.dispatch.fromPools(session, {
        pools: null,
        poolNames: [place.pool],
        queues: named?.queueIds ?? null,
        scheduledAfter: place.after,
        scheduledBefore: before,
        limit: fitting,
        limitPerPool: mostRuns,
        limitPerQueue: mostRuns,
        retriesHeldAfter: processesHaveBegunBy(context.clock.now()),
      }),
    );
    return { poolId: named?.poolId ?? runs[0]?.pool_id ?? (await workPoolId(session, place.pool)), runs };
  });
}

/** A pool and its named queues, in one query. */
async function findQueues(
  session: ReadSession,
  { pool, queues }: Place,
): Promise<{ poolId: string; queueIds: string[] }> {
  const rows = await session.all(
    session.sql
      .selectFrom('work_pool')
      .leftJoin('work_queue', (join) =>
        join
          .onRef('work_queue.work_pool_id', '=', 'work_pool.id')
          .on(session.dialect.bindings.isAnyOf('work_queue.name', queues)),
      )
      .select(['work_pool.id as pool_id', 'work_queue.id as queue_id', 'work_queue.name as queue_name'])
      .where('work_pool.name', '=', pool),
  );
  const poolId = rows[0]?.pool_id;
  if (poolId === undefined) throw poolNotFound(pool);
  const found = new Set(rows.map((row) => row.queue_name));
  const missing = queues.find((name) => !found.has(name));
  if (missing !== undefined) throw queueNotFound({ pool, queue: missing });
  return { poolId, queueIds: rows.map((row) => row.queue_id).filter((id) => id !== null) };
}
