import type { Timestamp } from '@mintaka/contract';
import { type Kysely, sql } from 'kysely';
import { type FlowRunColumns, selectFlowRuns } from '../../codecs/flow-run.ts';
import { oncePerBuilder } from '../../codecs/once.ts';
import type { Reader } from '../../statements.ts';
import type { Tables } from '../../tables.ts';
import {
  countTakenSlots,
  type Dispatch,
  findNextDue,
  type PoolDemand,
  type PooledRun,
  type QueueDemand,
  type QueuedRun,
  runColumns,
  slotsOfName,
  slotsOfPool,
  slotsOfQueue,
} from '../dispatch.ts';
import { isNotHeld, isScheduled } from '../index-conditions.ts';

/**
 * Each query is a few short statements, because SQLite has no lateral join: first the queues that have runs, then the next
 * runs of one queue after the other along its index, until there are enough.
 */
export const dispatchFromSqlite: Dispatch = {
  fromPools: async (session, demand) => {
    const handedOut: Prioritised[] = [];
    const open = await openQueues(session, demand);
    const runs = choiceOf(demand, open[0]);
    for (const queues of Map.groupBy(open, (queue) => queue.pool_id).values()) {
      handedOut.push(...(await takeFromPool(session, runs, queues)));
    }
    return handedOut
      .sort(byPriority)
      .slice(0, demand.limit)
      .map(({ run }) => run);
  },
  fromQueues: async (session, demand) => {
    const { queues, limitPerQueue } = demand;
    const text = `
      -- The queues that are not paused, with their free slots.
      select work_queue.id, work_queue.name, ${freeSlots('work_queue.concurrency_limit', '?', slotsOfName)} as free,
        ${retriesWait}
      from work_queue
      where work_queue.is_paused = 0 ${isAmong('work_queue.id', queues)}`;
    const most = limitPerQueue ?? unlimited;
    const parameters = [most, most, ...chosen(queues)];
    const runs: QueuedRun[] = [];
    for (const queue of await session.ask<NamedQueue>({ sql: text, parameters })) {
      runs.push(...(await nextByName(session, queue, demand)));
    }
    return runs.sort(byMoment);
  },
  nextDue: (session, question) =>
    findNextDue(
      session,
      sql`work_queue.id in (select value from json_each(${JSON.stringify(question.queues)}))`,
      question,
    ),
  takenSlots: (session, queueId) => countTakenSlots(session, queueId, '?'),
};

type OpenQueue = {
  pool_id: string;
  queue_id: string;
  priority: number;
  pool_free: number;
  queue_free: number;
} & RetriesWait;
type NamedQueue = { id: string; name: string; free: number } & RetriesWait;
/** Whether any retry waits in its own process (0 or 1). Usually there is none, and then runs need not be checked for it. */
type RetriesWait = { retries_wait: number };
const retriesWait = 'exists (select 1 from mintaka_waiting_retry) as retries_wait';
type Prioritised = { run: PooledRun; priority: number };
/** Conditions on runs, each beginning with `and`, with their parameters. */
type Choice = { text: string; parameters: string[] };
type Waiting = Pick<FlowRunColumns, 'id' | 'next_scheduled_start_time'>;

const unlimited = 2 ** 53 - 1;

/** Restricts a column to the given values; null means no restriction. A single value needs no list, which would be slower. */
function isAmong(column: string, values: readonly string[] | null): string {
  if (values === null) return '';
  return values.length === 1 ? `and ${column} = ?` : `and ${column} in (select value from json_each(?))`;
}

/** The parameters of {@link isAmong}. */
function chosen(values: readonly string[] | null): readonly string[] {
  if (values === null) return [];
  return values.length === 1 ? values : [JSON.stringify(values)];
}

const freeSlots = (limit: string, most: string, slots: string) =>
  `case when ${limit} is null then ${most} else min(${most}, max(0, ${limit} - (${slots}))) end`;

/** The queues that have a free slot and a run, by pool and priority. */
function openQueues(session: Reader, demand: PoolDemand): Promise<OpenQueue[]> {
  const { pools, poolNames, queues, limit, limitPerPool, limitPerQueue } = demand;
  const { text: bounds, parameters: boundParameters } = boundsOf(demand);
  const poolMost = Math.min(limit, limitPerPool);
  const queueMost = Math.min(limit, limitPerQueue);
  return session.ask<OpenQueue>({
    sql: `
      with
      -- The pools that are not paused, with their free slots.
      pool as materialized (
        select work_pool.id, ${freeSlots('work_pool.concurrency_limit', '?', slotsOfPool)} as free
        from work_pool
        where work_pool.is_paused = 0
          ${isAmong('work_pool.id', pools)} ${isAmong('work_pool.name', poolNames)}
      ),
      -- Their queues that have a run, with their free slots.
      queue as materialized (
        select pool.id as pool_id, pool.free as pool_free, work_queue.id as queue_id, work_queue.priority,
          ${freeSlots('work_queue.concurrency_limit', '?', slotsOfQueue)} as queue_free
        from pool join work_queue on work_queue.work_pool_id = pool.id
        where pool.free > 0 and work_queue.is_paused = 0 ${isAmong('work_queue.id', queues)}
          and exists (
            select 1 from flow_run where flow_run.work_queue_id = work_queue.id and ${isScheduled} ${bounds})
      )
      select pool_id, queue_id, priority, pool_free, queue_free, ${retriesWait} from queue
      where queue_free > 0 order by pool_id, priority`,
    parameters: [
      ...[poolMost, poolMost, ...chosen(pools), ...chosen(poolNames)],
      ...[queueMost, queueMost, ...chosen(queues), ...boundParameters],
    ],
  });
}

async function takeFromPool(
  session: Reader,
  runs: Choice,
  queues: readonly OpenQueue[],
): Promise<Prioritised[]> {
  let left = queues[0]?.pool_free ?? 0;
  const taken: Prioritised[] = [];
  for (const [priority, equals] of Map.groupBy(queues, (queue) => queue.priority)) {
    const next: PooledRun[] = [];
    for (const { queue, share } of await shares(session, runs, equals, left)) {
      next.push(...(await nextRuns(session, runs, queue, share)));
    }
    taken.push(...next.map((run) => ({ run, priority })));
    left -= next.length;
    if (left === 0) break;
  }
  return taken;
}

/** The number of next runs of several queues with the same priority in each of them. Reads only the index. */
async function shares(
  session: Reader,
  { text, parameters }: Choice,
  queues: readonly OpenQueue[],
  left: number,
): Promise<{ queue: OpenQueue; share: number }[]> {
  const [only, ...others] = queues;
  if (only !== undefined && others.length === 0) return [{ queue: only, share: left }];
  const waiting: (Waiting & { queue: OpenQueue })[] = [];
  for (const queue of queues) {
    const next = await session.ask<Waiting>({
      sql: `
        -- Covered by the index: the rows are read later, only those that are returned.
        select id, next_scheduled_start_time from flow_run
        where work_queue_id = ? and ${isScheduled} ${text}
        order by next_scheduled_start_time, id limit cast(? as integer)`,
      parameters: [queue.queue_id, ...parameters, Math.min(left, queue.queue_free)],
    });
    waiting.push(...next.map((run) => ({ ...run, queue })));
  }
  const first = waiting.sort(byMoment).slice(0, left);
  return [...Map.groupBy(first, ({ queue }) => queue)].map(([queue, runs]) => ({
    queue,
    share: runs.length,
  }));
}

/** The next runs of a queue. The ids of pool and queue are selected as columns, because copying rows to add them is slow. */
function nextRuns(
  session: Reader,
  { text, parameters }: Choice,
  { pool_id, queue_id, queue_free }: OpenQueue,
  left: number,
): Promise<PooledRun[]> {
  return session.ask<PooledRun>({
    sql: `
      select ${runColumns}, ? as pool_id, work_queue_id as queue_id from flow_run
      where work_queue_id = ? and ${isScheduled} ${text}
      -- cast: SQLite prepares a statement again each time a parameter is bound that is the whole limit
      order by next_scheduled_start_time, id limit cast(? as integer)`,
    parameters: [pool_id, queue_id, ...parameters, Math.min(left, queue_free)],
  });
}

/** Only the bounds that are given: `? is null or …` would keep SQLite from using them as the range of the index. */
function boundsOf({ scheduledAfter, scheduledBefore }: PoolDemand): Choice {
  const after = scheduledAfter === null ? '' : 'and next_scheduled_start_time >= ?';
  const before = scheduledBefore === null ? '' : 'and next_scheduled_start_time <= ?';
  return {
    text: `${after} ${before}`,
    parameters: [scheduledAfter, scheduledBefore].filter((bound) => bound !== null),
  };
}

/** The bounds of a demand and, if any retry waits in its own process, the condition that excludes such runs. */
function choiceOf(demand: PoolDemand, waiting: RetriesWait | undefined): Choice {
  const { text, parameters } = boundsOf(demand);
  const held = heldAfter(demand, waiting);
  return held === null
    ? { text, parameters }
    : { text: `${text} ${notHeld}`, parameters: [...parameters, held] };
}

function heldAfter(
  { retriesHeldAfter }: PoolDemand | QueueDemand,
  waiting: RetriesWait | undefined,
): Timestamp | null {
  return waiting?.retries_wait === 1 ? (retriesHeldAfter ?? null) : null;
}

const notHeld = `and ${isNotHeld('?')}`;

const textsByName = {
  all: textByName(''),
  due: textByName('and next_scheduled_start_time <= ?'),
  notHeld: textByName(notHeld),
  dueAndNotHeld: textByName(`and next_scheduled_start_time <= ? ${notHeld}`),
};

function nextByName(session: Reader, queue: NamedQueue, demand: QueueDemand): Promise<QueuedRun[]> {
  const { scheduledBefore: before } = demand;
  const held = heldAfter(demand, queue);
  const { all, due, notHeld, dueAndNotHeld } = textsByName;
  const text = held === null ? (before === null ? all : due) : before === null ? notHeld : dueAndNotHeld;
  const bounds = [before, held].filter((bound) => bound !== null);
  return session.ask<QueuedRun>({
    sql: text(session.sql),
    parameters: [queue.id, queue.name, ...bounds, queue.free],
  });
}

/** Compiled once, because compiling takes longer than reading a run. */
function textByName(bound: string): (sql: Kysely<Tables>) => string {
  const chosen = sql.raw<{ run_id: string; queue_id: string }>(`(
    -- the next runs of one queue, along the index by name
    select id as run_id, ? as queue_id
    from flow_run
    where work_queue_name = ? and ${isScheduled} ${bound}
    order by next_scheduled_start_time, id limit cast(? as integer)
  )`);
  return oncePerBuilder(
    (builder) =>
      selectFlowRuns(builder)
        .innerJoin(chosen.as<'chosen'>('chosen'), 'chosen.run_id', 'flow_run.id')
        .select('chosen.queue_id')
        .orderBy('flow_run.next_scheduled_start_time')
        .orderBy(sql.ref('flow_run.id'))
        .compile().sql,
  );
}

function byPriority(a: Prioritised, b: Prioritised): number {
  return a.priority - b.priority || byMoment(a.run, b.run);
}

/** SQLite's order: a run without a scheduled time comes first. */
function byMoment(a: Waiting, b: Waiting): number {
  const [left, right] = [a.next_scheduled_start_time ?? '', b.next_scheduled_start_time ?? ''];
  if (left !== right) return left < right ? -1 : 1;
  if (a.id === b.id) return 0;
  return a.id < b.id ? -1 : 1;
}
