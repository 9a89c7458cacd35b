import { sql } from 'kysely';
import { isScheduled } from '../migrations/dispatch-indexes.ts';
import {
  countTakenSlots,
  type Dispatch,
  type PooledRun,
  type QueueDemand,
  readChosen,
  runColumns,
  slotsOfName,
  slotsOfPool,
  slotsOfQueue,
} from './dispatch.ts';

/**
 * One statement for each question. The queues with their free slots come first, materialised so that slots are counted
 * once; then each queue is asked by itself, along its index, for no more than it may give.
 */
export const dispatchFromPostgres: Dispatch = {
  fromPools: (session, demand) => {
    const { pools, queues, limit, limitPerPool, limitPerQueue, scheduledAfter, scheduledBefore } = demand;
    const bounds = [scheduledAfter, scheduledBefore].filter((bound) => bound !== null);
    return session.ask<PooledRun>({
      sql: poolsText(scheduledAfter !== null, scheduledBefore !== null),
      parameters: [
        pools,
        queues,
        limit,
        Math.min(limit, limitPerPool),
        Math.min(limit, limitPerQueue),
        ...bounds,
      ],
    });
  },
  fromQueues: (session, demand) => readChosen(session, chosenByName(demand)),
  takenSlots: (session, queueId) => countTakenSlots(session, queueId, '$1'),
};

// differs because greatest() passes over NULL: no limit would become a limit of 0 without a branch of its own.
const freeSlots = (limit: string, most: string, slots: string) =>
  `case when ${limit} is null then ${most} else least(${most}, greatest(0, ${limit} - (${slots}))) end`;

/**
 * Every queue that has a run to give gives one at least, so no more queues are asked than runs are wanted, but for those of
 * equal priority. Only the ids go through the sorts; the rows are fetched at the end.
 */
function poolsText(after: boolean, before: boolean): string {
  const bounds = [
    ...(after ? ['and flow_run.next_scheduled_start_time >= $6'] : []),
    ...(before ? [`and flow_run.next_scheduled_start_time <= $${after ? 7 : 6}`] : []),
  ].join(' ');
  return `
    with pool as materialized (
      select work_pool.id, ${freeSlots('work_pool.concurrency_limit', 'cast($4 as bigint)', slotsOfPool)} as free
      from work_pool
      where not work_pool.is_paused and (cast($1 as uuid[]) is null or work_pool.id = any($1))
    ), queue as materialized (
      select work_queue.id, work_queue.work_pool_id, work_queue.priority,
        ${freeSlots('work_queue.concurrency_limit', 'cast($5 as bigint)', slotsOfQueue)} as free
      from work_queue join pool on pool.id = work_queue.work_pool_id
      where not work_queue.is_paused and (cast($2 as uuid[]) is null or work_queue.id = any($2))
    ), chosen as materialized (
      select pool.id as pool_id, waiting.*
      from pool cross join lateral (
        select queue.id as queue_id, queue.priority, run.id as run_id, run.next_scheduled_start_time
        from (
          select queue.id, queue.priority, queue.free
          from queue
          where queue.work_pool_id = pool.id and queue.free > 0 and exists (
            select from flow_run where flow_run.work_queue_id = queue.id and ${isScheduled} ${bounds})
          order by queue.priority
          fetch first ($3) rows with ties
        ) as queue cross join lateral (
          select flow_run.id, flow_run.next_scheduled_start_time
          from flow_run
          where flow_run.work_queue_id = queue.id and ${isScheduled} ${bounds}
          order by flow_run.next_scheduled_start_time, flow_run.id
          limit queue.free
        ) as run
        order by queue.priority, run.next_scheduled_start_time, run.id
        limit pool.free
      ) as waiting
      order by waiting.priority, waiting.next_scheduled_start_time, waiting.run_id
      limit $3
    )
    select ${runColumns}, chosen.pool_id, chosen.queue_id
    from chosen join flow_run on flow_run.id = chosen.run_id
    order by chosen.priority, chosen.next_scheduled_start_time, chosen.run_id`;
}

function chosenByName({ queues, scheduledBefore, limitPerQueue }: QueueDemand) {
  const bound =
    scheduledBefore === null ? sql`` : sql`and flow_run.next_scheduled_start_time <= ${scheduledBefore}`;
  const free = sql.raw(freeSlots('work_queue.concurrency_limit', 'most.runs', slotsOfName));
  return sql<{ run_id: string; queue_id: string }>`(
    with queue as materialized (
      select work_queue.id, work_queue.name, ${free} as free
      from work_queue cross join (select cast(${limitPerQueue} as bigint) as runs) as most
      where not work_queue.is_paused and (cast(${queues} as uuid[]) is null or work_queue.id = any(${queues}))
    )
    select run.id as run_id, queue.id as queue_id
    from queue cross join lateral (
      select flow_run.id
      from flow_run
      where flow_run.work_queue_name = queue.name and ${sql.raw(isScheduled)} ${bound}
      order by flow_run.next_scheduled_start_time, flow_run.id
      limit queue.free
    ) as run
  )`.as<'chosen'>('chosen');
}
