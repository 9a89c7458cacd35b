import type { Timestamp } from '@mintaka/contract';
import { type FlowRunColumns, type FlowRunRow, flowRunColumns } from '../codecs/flow-run.ts';
import type { Reader } from '../statements.ts';
import { holdsSlot, isUnclaimed, mayBeUnclaimed } from './index-conditions.ts';

/**
 * What a worker asks work pools for. Runs that are due at either bound are in. Pools and queues that are paused give
 * nothing, and none gives more than its concurrency limit leaves free; every run that is Pending, Running or Cancelling
 * holds a slot of its queue and of its pool, also while the queue is paused. A Cancelling run that never was Pending holds none.
 */
export type PoolDemand = {
  /** The ids of the pools; null for every pool. */
  readonly pools: readonly string[] | null;
  /** The names of the pools; null for every pool. */
  readonly poolNames: readonly string[] | null;
  /** The ids of their queues; null for every queue of theirs. */
  readonly queues: readonly string[] | null;
  readonly scheduledAfter: Timestamp | null;
  readonly scheduledBefore: Timestamp | null;
  /** Runs that wait in their own process for a retry due after this moment are left to it; left out, none is. */
  readonly retriesHeldAfter?: Timestamp;
  /** How many runs at most, in all. */
  readonly limit: number;
  readonly limitPerPool: number;
  readonly limitPerQueue: number;
};

/** A run that a pool hands out, with where it waited. */
export type PooledRun = FlowRunColumns & { pool_id: string; queue_id: string };

/** What an agent asks work queues for, which find their runs by name. The bound is in; limits count as in {@link PoolDemand}. */
export type QueueDemand = {
  /** The ids of the queues; null for every queue. */
  readonly queues: readonly string[] | null;
  readonly scheduledBefore: Timestamp | null;
  /** As in {@link PoolDemand}. */
  readonly retriesHeldAfter?: Timestamp;
  /** How many runs of each queue at most; null for no limit but the queue's own. */
  readonly limitPerQueue: number | null;
};

/** A run that a queue hands out, as often as it waits in one: queues of several pools may share a name. */
export type QueuedRun = FlowRunRow & { queue_id: string };

/**
 * Which runs are next. Their state type is SCHEDULED, whatever the state's name; those that wait in their own process
 * for a retry may be left out. A question reads and claims nothing:
 * two that ask at the same time are told the same runs, and the first proposal of Pending wins.
 */
export type Dispatch = {
  /** By the priority of the queue, the lowest number first, then by the moment for which they are scheduled, then by id. */
  fromPools(session: Reader, demand: PoolDemand): Promise<PooledRun[]>;
  /** By the moment for which they are scheduled, then by id. */
  fromQueues(session: Reader, demand: QueueDemand): Promise<QueuedRun[]>;
  /** How many slots of a queue, and of its pool, are taken; undefined where there is no such queue. */
  takenSlots(session: Reader, queueId: string): Promise<TakenSlots | undefined>;
};

/** How many runs hold a slot. */
export type TakenSlots = { queue: number; pool: number };

/** The number of slots that are taken of `work_queue`, a subquery's inside. */
export const slotsOfQueue = slotsWhere('work_queue_id', '= work_queue.id');

/** The number of slots that are taken of `work_pool`, a subquery's inside. */
export const slotsOfPool = slotsWhere(
  'work_queue_id',
  'in (select sibling.id from work_queue as sibling where sibling.work_pool_id = work_pool.id)',
);

/** The number of slots that are taken of the name of `work_queue`, a subquery's inside. */
export const slotsOfName = slotsWhere('work_queue_name', '= work_queue.name');

/**
 * Counted apart: an index alone tells which runs hold slots, but not which of them nobody ever claimed. Mostly there are no
 * such runs at all, which is asked once for all queues.
 */
function slotsWhere(column: 'work_queue_id' | 'work_queue_name', place: string): string {
  const condition = `flow_run.${column} ${place}`;
  return `
    select (select count(*) from flow_run where ${condition} and ${holdsSlot})
      - case when exists (select 1 from flow_run where flow_run.${column} is not null and ${mayBeUnclaimed})
        then (select count(*) from flow_run where ${condition} and ${isUnclaimed}) else 0 end`;
}

/** Counts taken slots; both dialects ask alike, with one parameter. */
export async function countTakenSlots(
  session: Reader,
  queueId: string,
  parameter: '?' | '$1',
): Promise<TakenSlots | undefined> {
  const counted = await session.ask<TakenSlots>({
    sql: `
      select (${slotsOfQueue}) as queue, (${slotsOfPool}) as pool
      from work_queue join work_pool on work_pool.id = work_queue.work_pool_id
      where work_queue.id = ${parameter}`,
    parameters: [queueId],
  });
  return counted[0];
}

/** The columns of {@link FlowRunColumns}, for hand-written SQL. */
export const runColumns = flowRunColumns.join(', ');
