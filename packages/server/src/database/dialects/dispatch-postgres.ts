import { type Kysely, sql } from 'kysely';
import { selectFlowRuns } from '../codecs/flow-run.ts';
import { oncePerBuilder } from '../codecs/once.ts';
import type { Tables } from '../tables.ts';
import {
  countTakenSlots,
  type Dispatch,
  type PooledRun,
  type QueuedRun,
  runColumns,
  slotsOfName,
  slotsOfPool,
  slotsOfQueue,
} from './dispatch.ts';
import { isNotHeld, isScheduled } from './index-conditions.ts';

/**
 * One statement for each question. The queues with their free slots come first, materialised so that slots are counted
 * once; then each queue is asked by itself, along its index, for no more than it may give.
 */
export const dispatchFromPostgres: Dispatch = {
  fromPools: (session, demand) => {
    const { pools, poolNames, queues, limit, limitPerPool, limitPerQueue } = demand;
    const { scheduledAfter: earliest, scheduledBefore: latest, retriesHeldAfter: held = null } = demand;
    const bounds = [earliest, latest, held].filter((bound) => bound !== null);
    return session.ask<PooledRun>({
      sql: poolsText({ earliest: earliest !== null, latest: latest !== null, held: held !== null }),
      parameters: [
        pools,
        poolNames,
        queues,
        limit,
        Math.min(limit, limitPerPool),
        Math.min(limit, limitPerQueue),
        ...bounds,
      ],
    });
  },
  fromQueues: (
    session,
    { queues, limitPerQueue, scheduledBefore: latest, retriesHeldAfter: held = null },
  ) => {
    const { all, due, notHeld, dueAndNotHeld } = textsByName;
    const text = held === null ? (latest === null ? all : due) : latest === null ? notHeld : dueAndNotHeld;
    const bounds = [latest, held].filter((bound) => bound !== null);
    return session.ask<QueuedRun>({ sql: text(session.sql), parameters: [limitPerQueue, queues, ...bounds] });
  },
  takenSlots: (session, queueId) => countTakenSlots(session, queueId, '$1'),
};

// differs because least() and greatest() pass over NULL: without a limit there is nothing to compare `most` with.
const freeSlots = (limit: string, most: string, slots: string) =>
  `least(${most}, case when ${limit} is not null then greatest(0, ${limit} - (${slots})) end)`;

/** A value of what is asked for, which stands in a table of one row; see {@link poolsText}. */
const demanded = (column: string) => `(select ${column} from demand)`;

/** Whether an id or a name is among those that are asked for, where any are. */
const isDemanded = (value: string, column: string, type = 'uuid') =>
  `(${demanded(column)} is null or ${value} = any(cast(${demanded(column)} as ${type}[])))`;

/**
 * The queues of a pool that have a run to give are numbered by priority, and a recursion walks through them until the pool
 * has given enough: what comes behind is never looked at. A step takes all queues of one priority together, in one order of
 * time. `offset 0` keeps a step, and the slots of a queue, from being computed twice, once for each place that names them. It
 * also fetches the rows at the end one by one, by the ids that the steps pass on: of a small table Postgres would read all.
 * `any(array[...])` makes Postgres look for a waiting run of each queue by itself; it might collect those of all queues first.
 * All parameters stand in a table of one row, hidden from the planner: it would make a new plan for each poll, which takes
 * several times as long as the poll.
 */
function poolsText(given: Given): string {
  const { moments, bounds, notHeld } = conditionsOf(given, 7);
  return `
    with recursive demand as materialized (
      select cast($1 as uuid[]) as pools, cast($2 as text[]) as pool_names, cast($3 as uuid[]) as queues,
        cast($4 as bigint) as runs, cast($5 as bigint) as pool_runs, cast($6 as bigint) as queue_runs ${moments}
    ), pool as materialized (
      select work_pool.id, ${freeSlots('work_pool.concurrency_limit', demanded('pool_runs'), slotsOfPool)} as free
      from work_pool
      where not work_pool.is_paused and ${isDemanded('work_pool.id', 'pools')}
        and ${isDemanded('work_pool.name', 'pool_names', 'text')}
    ), queue as materialized (
      select work_queue.id, work_queue.work_pool_id, slots.free,
        dense_rank() over (partition by work_queue.work_pool_id order by work_queue.priority) as place
      from work_queue join pool on pool.id = work_queue.work_pool_id
      cross join lateral (
        select ${freeSlots('work_queue.concurrency_limit', demanded('queue_runs'), slotsOfQueue)} as free offset 0
      ) as slots
      where not work_queue.is_paused and ${isDemanded('work_queue.id', 'queues')} and slots.free > 0
        and exists (
          select from flow_run where flow_run.work_queue_id = any(array[work_queue.id]) and ${isScheduled} ${bounds})
    ), walk as (
      select pool.id as pool_id, cast(0 as bigint) as place, pool.free as missing, cast('{}' as uuid[]) as run_ids
      from pool
      union all
      select walk.pool_id, walk.place + 1, walk.missing - cardinality(step.run_ids), step.run_ids
      from walk cross join lateral (
        select array(
          select run.id
          from queue cross join lateral (
            select flow_run.id, flow_run.next_scheduled_start_time
            from flow_run
            where flow_run.work_queue_id = queue.id and ${isScheduled} ${bounds} ${notHeld}
            order by flow_run.next_scheduled_start_time, flow_run.id
            limit least(queue.free, walk.missing)
          ) as run
          where queue.work_pool_id = walk.pool_id and queue.place = walk.place + 1
          order by run.next_scheduled_start_time, run.id
          limit walk.missing
        ) as run_ids
        offset 0
      ) as step
      where walk.missing > 0
        and walk.place < (select max(queue.place) from queue where queue.work_pool_id = walk.pool_id)
    )
    select ${runColumns}, work_queue.work_pool_id as pool_id, work_queue.id as queue_id
    from walk cross join unnest(walk.run_ids) as chosen(run_id)
    cross join lateral (select ${runColumns} from flow_run where flow_run.id = chosen.run_id offset 0) as flow_run
    join work_queue on work_queue.id = flow_run.work_queue_id
    order by work_queue.priority, flow_run.next_scheduled_start_time, flow_run.id
    limit ${demanded('runs')}`;
}

/** Which moments a demand names. */
type Given = { earliest: boolean; latest: boolean; held: boolean };

/** The columns of `demand` for the moments that are given, from parameter `first` on, and the conditions that ask for them. */
function conditionsOf({ earliest, latest, held }: Given, first: number) {
  const names = [
    ...(earliest ? ['earliest'] : []),
    ...(latest ? ['latest'] : []),
    ...(held ? ['held_after'] : []),
  ];
  return {
    moments: names.map((name, place) => `, cast($${first + place} as timestamptz) as ${name}`).join(''),
    bounds: [
      ...(earliest ? [`and flow_run.next_scheduled_start_time >= ${demanded('earliest')}`] : []),
      ...(latest ? [`and flow_run.next_scheduled_start_time <= ${demanded('latest')}`] : []),
    ].join(' '),
    notHeld: held ? `and ${isNotHeld(demanded('held_after'))}` : '',
  };
}

const textsByName = {
  all: textByName({ earliest: false, latest: false, held: false }),
  due: textByName({ earliest: false, latest: true, held: false }),
  notHeld: textByName({ earliest: false, latest: false, held: true }),
  dueAndNotHeld: textByName({ earliest: false, latest: true, held: true }),
};

/**
 * Postgres cannot know how few runs a queue gives. `offset 0` lets it fetch them one by one by their ids; else it would read
 * whole tables to join them.
 */
function textByName(given: Given): (sql: Kysely<Tables>) => string {
  const { moments, bounds, notHeld } = conditionsOf(given, 3);
  const free = freeSlots('work_queue.concurrency_limit', demanded('queue_runs'), slotsOfName);
  return oncePerBuilder((builder) => {
    const run = selectFlowRuns(builder).where('flow_run.id', '=', sql.ref<string>('chosen.run_id'));
    return `
      with demand as materialized (
        select cast($1 as bigint) as queue_runs, cast($2 as uuid[]) as queues ${moments}
      ), queue as materialized (
        select work_queue.id, work_queue.name, ${free} as free
        from work_queue
        where not work_queue.is_paused and ${isDemanded('work_queue.id', 'queues')}
      )
      select run.*, chosen.queue_id
      from (
        select next.id as run_id, queue.id as queue_id
        from queue cross join lateral (
          select flow_run.id
          from flow_run
          where flow_run.work_queue_name = queue.name and ${isScheduled} ${bounds} ${notHeld}
          order by flow_run.next_scheduled_start_time, flow_run.id
          limit queue.free
        ) as next
      ) as chosen
      cross join lateral (${run.compile().sql} offset 0) as run
      order by run.next_scheduled_start_time, run.id`;
  });
}
