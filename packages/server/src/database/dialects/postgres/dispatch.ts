import { type Kysely, sql } from 'kysely';
import { selectFlowRuns } from '../../codecs/flow-run.ts';
import { oncePerBuilder } from '../../codecs/once.ts';
import type { Tables } from '../../tables.ts';
import {
  countTakenSlots,
  type Dispatch,
  findNextDue,
  type PooledRun,
  type QueuedRun,
  runColumns,
  slotsOfName,
  slotsOfPool,
  slotsOfQueue,
} from '../dispatch.ts';
import { isNotHeld, isScheduled } from '../index-conditions.ts';

/**
 * Each query is one statement. It first computes the queues and their free slots, materialised so that slots are counted
 * once, and then reads each queue along its index, for no more runs than it may return.
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
  nextDue: (session, question) =>
    findNextDue(session, sql`work_queue.id = any(cast(${question.queues} as uuid[]))`, question),
  takenSlots: (session, queueId) => countTakenSlots(session, queueId, '$1'),
};

// differs because least() and greatest() ignore NULL: without a limit, `most` has nothing to be compared with.
const freeSlots = (limit: string, most: string, slots: string) =>
  `least(${most}, case when ${limit} is not null then greatest(0, ${limit} - (${slots})) end)`;

/** A column of `demand`, the one-row table with the parameters; see {@link poolsText}. */
const demanded = (column: string) => `(select ${column} from demand)`;

/** Whether an id or a name is in a list of `demand`; true if there is no list. */
const isDemanded = (value: string, column: string, type = 'uuid') =>
  `(${demanded(column)} is null or ${value} = any(cast(${demanded(column)} as ${type}[])))`;

function poolsText(given: Given): string {
  const { moments, bounds, notHeld } = conditionsOf(given, 7);
  return `
    with recursive
    -- The parameters in a table of one row. The planner does not see their values, so one generic plan serves all polls;
    -- planning each poll again takes several times as long as the poll.
    demand as materialized (
      select cast($1 as uuid[]) as pools, cast($2 as text[]) as pool_names, cast($3 as uuid[]) as queues,
        cast($4 as bigint) as runs, cast($5 as bigint) as pool_runs, cast($6 as bigint) as queue_runs ${moments}
    ),
    -- The pools that are not paused, with their free slots.
    pool as materialized (
      select work_pool.id, ${freeSlots('work_pool.concurrency_limit', demanded('pool_runs'), slotsOfPool)} as free
      from work_pool
      where not work_pool.is_paused and ${isDemanded('work_pool.id', 'pools')}
        and ${isDemanded('work_pool.name', 'pool_names', 'text')}
    ),
    -- Their queues that have a free slot and a run. Queues of the same priority share a place in their pool.
    queue as materialized (
      select work_queue.id, work_queue.work_pool_id, slots.free,
        dense_rank() over (partition by work_queue.work_pool_id order by work_queue.priority) as place
      from work_queue join pool on pool.id = work_queue.work_pool_id
      -- offset 0: computes the slots once, not once for each mention of slots.free
      cross join lateral (
        select ${freeSlots('work_queue.concurrency_limit', demanded('queue_runs'), slotsOfQueue)} as free offset 0
      ) as slots
      where not work_queue.is_paused and ${isDemanded('work_queue.id', 'queues')} and slots.free > 0
        -- any(array[…]): probes the index once for each queue, instead of collecting the waiting runs of all queues
        and exists (
          select from flow_run where flow_run.work_queue_id = any(array[work_queue.id]) and ${isScheduled} ${bounds})
    ),
    -- Visits the places of each pool in order, until there are enough runs; later places are never read.
    walk as (
      select pool.id as pool_id, cast(0 as bigint) as place, pool.free as missing, cast('{}' as uuid[]) as run_ids
      from pool
      union all
      select walk.pool_id, walk.place + 1, walk.missing - cardinality(step.run_ids), step.run_ids
      from walk cross join lateral (
        select array(
          select run.id
          from queue cross join lateral (
            -- the next runs of one queue, along its index
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
        -- offset 0: takes the step once, not once for each mention of step.run_ids
        offset 0
      ) as step
      where walk.missing > 0
        and walk.place < (select max(queue.place) from queue where queue.work_pool_id = walk.pool_id)
    )
    select ${runColumns}, work_queue.work_pool_id as pool_id, work_queue.id as queue_id
    from walk cross join unnest(walk.run_ids) as chosen(run_id)
    -- offset 0: fetches the rows one by one by their ids, even if the planner would rather read a small table as a whole
    cross join lateral (select ${runColumns} from flow_run where flow_run.id = chosen.run_id offset 0) as flow_run
    join work_queue on work_queue.id = flow_run.work_queue_id
    order by work_queue.priority, flow_run.next_scheduled_start_time, flow_run.id
    limit ${demanded('runs')}`;
}

/** Which times a demand has. */
type Given = { earliest: boolean; latest: boolean; held: boolean };

/** The columns of `demand` for the given times, numbered from parameter `first`, and the conditions that use them. */
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

function textByName(given: Given): (sql: Kysely<Tables>) => string {
  const { moments, bounds, notHeld } = conditionsOf(given, 3);
  const free = freeSlots('work_queue.concurrency_limit', demanded('queue_runs'), slotsOfName);
  return oncePerBuilder((builder) => {
    const run = selectFlowRuns(builder).where('flow_run.id', '=', sql.ref<string>('chosen.run_id'));
    return `
      with
      -- The parameters, hidden from the planner; see the statement for pools.
      demand as materialized (
        select cast($1 as bigint) as queue_runs, cast($2 as uuid[]) as queues ${moments}
      ),
      -- The queues that are not paused, with their free slots.
      queue as materialized (
        select work_queue.id, work_queue.name, ${free} as free
        from work_queue
        where not work_queue.is_paused and ${isDemanded('work_queue.id', 'queues')}
      )
      select run.*, chosen.queue_id
      from (
        select next.id as run_id, queue.id as queue_id
        from queue cross join lateral (
          -- the next runs of one queue, along the index by name
          select flow_run.id
          from flow_run
          where flow_run.work_queue_name = queue.name and ${isScheduled} ${bounds} ${notHeld}
          order by flow_run.next_scheduled_start_time, flow_run.id
          limit queue.free
        ) as next
      ) as chosen
      -- offset 0: fetches the rows one by one by their ids; the planner cannot know how few they are, and would join whole tables
      cross join lateral (${run.compile().sql} offset 0) as run
      order by run.next_scheduled_start_time, run.id`;
  });
}
