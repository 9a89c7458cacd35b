import type { Timestamp } from '@mintaka/contract';
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { type FlowRunColumns, type FlowRunRow, flowRunColumns } from '../codecs/flow-run.ts';
import type { Reader } from '../statements.ts';
import { holdsSlot, isUnclaimed, mayBeUnclaimed, runIsScheduled } from './index-conditions.ts';

/**
 * What a worker asks work pools for. Runs that are due exactly at a bound are included. Paused pools and queues give
 * nothing, and none gives more than its concurrency limit leaves free. Every run that is Pending, Running or Cancelling
 * holds a slot of its queue and of its pool, even if the queue is paused; a Cancelling run that never was Pending holds none.
 */
export type PoolDemand = {
  /** The ids of the pools; null for every pool. */
  readonly pools: readonly string[] | null;
  /** The names of the pools; null for every pool. */
  readonly poolNames: readonly string[] | null;
  /** The ids of queues of these pools; null for all their queues. */
  readonly queues: readonly string[] | null;
  readonly scheduledAfter: Timestamp | null;
  readonly scheduledBefore: Timestamp | null;
  /** Leaves out runs that wait in their own process for a retry that is due after this moment; omitted: leaves out none. */
  readonly retriesHeldAfter?: Timestamp;
  /** The maximum number of runs. */
  readonly limit: number;
  readonly limitPerPool: number;
  readonly limitPerQueue: number;
};

/** A run that a pool returns, with its pool and queue. */
export type PooledRun = FlowRunColumns & { pool_id: string; queue_id: string };

/** An agent's demand on work queues; queues find their runs by name. Bounds and limits work as in {@link PoolDemand}. */
export type QueueDemand = {
  /** The ids of the queues; null for every queue. */
  readonly queues: readonly string[] | null;
  readonly scheduledBefore: Timestamp | null;
  /** As in {@link PoolDemand}. */
  readonly retriesHeldAfter?: Timestamp;
  /** The maximum number of runs of each queue; null if only the queue's own limit counts. */
  readonly limitPerQueue: number | null;
};

/** A run that a queue returns. Queues of several pools can share a name; the run then occurs once for each of them. */
export type QueuedRun = FlowRunRow & { queue_id: string };

/**
 * Finds the next runs: those whose state type is SCHEDULED, whatever the state's name. These queries only read. Two callers
 * at the same time get the same runs, and the first to propose Pending wins.
 */
export type Dispatch = {
  /** Ordered by the priority of the queue, lowest number first, then by scheduled time, then by id. */
  fromPools(session: Reader, demand: PoolDemand): Promise<PooledRun[]>;
  /** Ordered by scheduled time, then by id. */
  fromQueues(session: Reader, demand: QueueDemand): Promise<QueuedRun[]>;
  /** When the next runs become due. */
  nextDue(session: Reader, question: NextDueQuestion): Promise<NextDue>;
  /** The number of taken slots of a queue and of its pool; undefined if the queue does not exist. */
  takenSlots(session: Reader, queueId: string): Promise<TakenSlots | undefined>;
};

/** Which runs to look for: scheduled ones of queues that are not paused, due after a moment. */
export type NextDueQuestion = {
  readonly queues: readonly string[];
  readonly after: Timestamp;
  /** Also retries in their own process that are due after this moment, of any queue. */
  readonly retriesHeldAfter: Timestamp;
};

/** When the first of those runs is due, and the first of those retries; null if there is none. */
export type NextDue = { due: Timestamp | null; retry: Timestamp | null };

/** How many runs hold a slot. */
export type TakenSlots = { queue: number; pool: number };

/** The number of taken slots of `work_queue`, as the inside of a subquery. */
export const slotsOfQueue = slotsWhere('work_queue_id', '= work_queue.id');

/** The number of taken slots of `work_pool`, as the inside of a subquery. */
export const slotsOfPool = slotsWhere(
  'work_queue_id',
  'in (select sibling.id from work_queue as sibling where sibling.work_pool_id = work_pool.id)',
);

/** The number of taken slots of the queues named like `work_queue`, as the inside of a subquery. */
export const slotsOfName = slotsWhere('work_queue_name', '= work_queue.name');

/**
 * Two counts, because an index alone shows which runs hold slots, but not which of them were never claimed. There are usually
 * none of the latter, which one `exists` checks for all queues.
 */
function slotsWhere(column: 'work_queue_id' | 'work_queue_name', place: string): string {
  const condition = `flow_run.${column} ${place}`;
  return `
    select (select count(*) from flow_run where ${condition} and ${holdsSlot})
      -- less the cancelling runs that were never claimed, if there are any in any queue
      - case when exists (select 1 from flow_run where flow_run.${column} is not null and ${mayBeUnclaimed})
        then (select count(*) from flow_run where ${condition} and ${isUnclaimed}) else 0 end`;
}

/** Reads {@link NextDue}, each queue's first moment from the index of its scheduled runs. */
export async function findNextDue(
  session: Reader,
  isQueue: RawBuilder<SqlBool>,
  { after, retriesHeldAfter }: NextDueQuestion,
): Promise<NextDue> {
  const [found] = await session.ask<NextDue>(
    sql`
      select
        (select min(first.due) from (
          select (
            select min(flow_run.next_scheduled_start_time) from flow_run
            where flow_run.work_queue_id = work_queue.id and ${runIsScheduled}
              and flow_run.next_scheduled_start_time > ${after}
          ) as due
          from work_queue where not work_queue.is_paused and ${isQueue}
        ) as first) as due,
        (select min(due) from mintaka_waiting_retry where due > ${retriesHeldAfter}) as retry`.compile(
      session.sql,
    ),
  );
  return found ?? { due: null, retry: null };
}

/** Reads {@link TakenSlots}; `parameter` is the dialect's spelling of the first parameter. */
export async function countTakenSlots(
  session: Reader,
  queueId: string,
  parameter: '?' | '$1',
): Promise<TakenSlots | undefined> {
  const [slots] = await session.ask<TakenSlots>({
    sql: `
      select (${slotsOfQueue}) as queue, (${slotsOfPool}) as pool
      from work_queue join work_pool on work_pool.id = work_queue.work_pool_id
      where work_queue.id = ${parameter}`,
    parameters: [queueId],
  });
  return slots;
}

/** The columns of {@link FlowRunColumns}, for hand-written SQL. */
export const runColumns = flowRunColumns.join(', ');
