import type { StateType } from '@mintaka/contract';
import type { PoolDemand, QueueDemand } from '../../../src/database/dialects/dispatch.ts';
import type { Pool, Queue, Run, World } from './world.ts';

/** The ids of a run and of its queue. */
export type Handed = { run: string; queue: string };

const holding: readonly StateType[] = ['PENDING', 'RUNNING', 'CANCELLING'];

/** The runs that pools return, by brute force; `nullsFirst` as the database orders runs without a time. */
export function fromPools(world: World, demand: PoolDemand, nullsFirst: boolean): Handed[] {
  const byTime = inTime(nullsFirst);
  const byPriority = (a: Offer, b: Offer) => a.queue.priority - b.queue.priority || byTime(a, b);
  const ofPool = (pool: Pool): Offer[] => {
    const queues = world.queues.filter((queue) => queue.work_pool_id === pool.id);
    const held = world.runs.filter(
      (run) => holds(run) && queues.some((queue) => queue.id === run.work_queue_id),
    );
    const offers = queues.filter(isOpen(demand.queues)).flatMap((queue) => {
      const mine = world.runs.filter((run) => run.work_queue_id === queue.id);
      const waiting = mine.filter((run) => isWaiting(run, demand)).map((run) => ({ queue, run }));
      return waiting.sort(byTime).slice(0, free(queue, mine.filter(holds), demand.limitPerQueue));
    });
    return offers.sort(byPriority).slice(0, free(pool, held, demand.limitPerPool));
  };
  // In these worlds the name of a pool is its id.
  const all = world.pools.filter(isOpen(demand.pools)).filter(isOpen(demand.poolNames)).flatMap(ofPool);
  return all.sort(byPriority).slice(0, demand.limit).map(handed);
}

/** The runs that queues return, by brute force. */
export function fromQueues(world: World, demand: QueueDemand, nullsFirst: boolean): Handed[] {
  const byTime = inTime(nullsFirst);
  const offers = world.queues.filter(isOpen(demand.queues)).flatMap((queue) => {
    const mine = world.runs.filter((run) => run.work_queue_name === queue.name);
    const due = { ...demand, scheduledAfter: null };
    const waiting = mine.filter((run) => isWaiting(run, due)).map((run) => ({ queue, run }));
    const most = demand.limitPerQueue ?? Number.POSITIVE_INFINITY;
    return waiting.sort(byTime).slice(0, free(queue, mine.filter(holds), most));
  });
  return offers.sort(byTime).map(handed);
}

type Offer = { queue: Queue; run: Run };

function handed({ queue, run }: Offer): Handed {
  return { run: run.id, queue: queue.id };
}

function isOpen(chosen: readonly string[] | null) {
  return ({ id, is_paused }: { id: string; is_paused: boolean }) =>
    !is_paused && (chosen === null || chosen.includes(id));
}

function holds({ state_type }: Run): boolean {
  return holding.includes(state_type);
}

function isWaiting(
  { state_type, next_scheduled_start_time: due, waits = false }: Run,
  {
    scheduledAfter,
    scheduledBefore,
    retriesHeldAfter: held,
  }: Pick<PoolDemand, 'scheduledAfter' | 'scheduledBefore' | 'retriesHeldAfter'>,
): boolean {
  if (state_type !== 'SCHEDULED') return false;
  if (waits && held !== undefined && due !== null && due > held) return false;
  const late = scheduledAfter === null || (due !== null && due >= scheduledAfter);
  return late && (scheduledBefore === null || (due !== null && due <= scheduledBefore));
}

function free({ concurrency_limit }: Pool | Queue, held: readonly Run[], most: number): number {
  return concurrency_limit === null ? most : Math.min(most, Math.max(0, concurrency_limit - held.length));
}

function inTime(nullsFirst: boolean) {
  const missing = nullsFirst ? '' : '~';
  return (a: Offer, b: Offer): number => {
    const [left, right] = [a, b].map(
      ({ run }) => `${run.next_scheduled_start_time ?? missing} ${run.id}`,
    ) as [string, string];
    return left < right ? -1 : left > right ? 1 : 0;
  };
}
