import type { Timestamp } from '@mintaka/contract';
import { type Kysely, sql } from 'kysely';
import { type FlowRunColumns, selectFlowRuns } from '../codecs/flow-run.ts';
import { oncePerBuilder } from '../codecs/once.ts';
import { isScheduled } from '../migrations/dispatch-indexes.ts';
import type { ReadSession } from '../session.ts';
import type { Tables } from '../tables.ts';
import {
  countTakenSlots,
  type Dispatch,
  type PoolDemand,
  type PooledRun,
  type QueuedRun,
  runColumns,
  slotsOfName,
  slotsOfPool,
  slotsOfQueue,
} from './dispatch.ts';

/**
 * A few quick statements for each question, since SQLite has no lateral join: first the queues that have something to give,
 * then the next runs of one after the other along their index, until there are enough.
 */
export const dispatchFromSqlite: Dispatch = {
  fromPools: async (session, demand) => {
    const handedOut: Prioritised[] = [];
    for (const queues of Map.groupBy(await openQueues(session, demand), (queue) => queue.pool_id).values()) {
      handedOut.push(...(await takeFromPool(session, demand, queues)));
    }
    return handedOut
      .sort(byPriority)
      .slice(0, demand.limit)
      .map(({ run }) => run);
  },
  fromQueues: async (session, { queues, scheduledBefore, limitPerQueue }) => {
    const text = `
      select work_queue.id, work_queue.name, ${freeSlots('work_queue.concurrency_limit', '?', slotsOfName)} as free
      from work_queue
      where work_queue.is_paused = 0 ${queues === null ? '' : `and work_queue.id in ${listed}`}`;
    const most = limitPerQueue ?? unlimited;
    const parameters = [most, most, ...chosen(queues)];
    const runs: QueuedRun[] = [];
    for (const queue of await session.ask<NamedQueue>({ sql: text, parameters })) {
      runs.push(...(await nextByName(session, queue, scheduledBefore)));
    }
    return runs.sort(byMoment);
  },
  takenSlots: (session, queueId) => countTakenSlots(session, queueId, '?'),
};

type OpenQueue = {
  pool_id: string;
  queue_id: string;
  priority: number;
  pool_free: number;
  queue_free: number;
};
type NamedQueue = { id: string; name: string; free: number };
type Prioritised = { run: PooledRun; priority: number };
type Waiting = Pick<FlowRunColumns, 'id' | 'next_scheduled_start_time'>;

const unlimited = 2 ** 53 - 1;
const listed = '(select value from json_each(?))';

const chosen = (values: readonly string[] | null) => (values === null ? [] : [JSON.stringify(values)]);

const freeSlots = (limit: string, most: string, slots: string) =>
  `case when ${limit} is null then ${most} else min(${most}, max(0, ${limit} - (${slots}))) end`;

/** The queues that may give something and have something to give, pool by pool in the order of their priority. */
function openQueues(session: ReadSession, demand: PoolDemand): Promise<OpenQueue[]> {
  const { pools, poolNames, queues, limit, limitPerPool, limitPerQueue } = demand;
  const { text: bounds, parameters: boundParameters } = boundsOf(demand);
  const poolMost = Math.min(limit, limitPerPool);
  const queueMost = Math.min(limit, limitPerQueue);
  return session.ask<OpenQueue>({
    sql: `
      with pool as materialized (
        select work_pool.id, ${freeSlots('work_pool.concurrency_limit', '?', slotsOfPool)} as free
        from work_pool
        where work_pool.is_paused = 0
          ${pools === null ? '' : `and work_pool.id in ${listed}`}
          ${poolNames === null ? '' : `and work_pool.name in ${listed}`}
      ), queue as materialized (
        select pool.id as pool_id, pool.free as pool_free, work_queue.id as queue_id, work_queue.priority,
          ${freeSlots('work_queue.concurrency_limit', '?', slotsOfQueue)} as queue_free
        from pool join work_queue on work_queue.work_pool_id = pool.id
        where pool.free > 0 and work_queue.is_paused = 0 ${queues === null ? '' : `and work_queue.id in ${listed}`}
          and exists (
            select 1 from flow_run where flow_run.work_queue_id = work_queue.id and ${isScheduled} ${bounds})
      )
      select pool_id, queue_id, priority, pool_free, queue_free from queue
      where queue_free > 0 order by pool_id, priority`,
    parameters: [
      ...[poolMost, poolMost, ...chosen(pools), ...chosen(poolNames)],
      ...[queueMost, queueMost, ...chosen(queues), ...boundParameters],
    ],
  });
}

async function takeFromPool(
  session: ReadSession,
  demand: PoolDemand,
  queues: readonly OpenQueue[],
): Promise<Prioritised[]> {
  let left = queues[0]?.pool_free ?? 0;
  const taken: Prioritised[] = [];
  for (const [priority, equals] of Map.groupBy(queues, (queue) => queue.priority)) {
    const next: PooledRun[] = [];
    for (const { queue, share } of await shares(session, demand, equals, left)) {
      next.push(...(await nextRuns(session, demand, queue, share)));
    }
    taken.push(...next.map((run) => ({ run, priority })));
    left -= next.length;
    if (left === 0) break;
  }
  return taken;
}

/** How many of the next runs of queues that have the same priority wait in each: their index alone tells. */
async function shares(
  session: ReadSession,
  demand: PoolDemand,
  queues: readonly OpenQueue[],
  left: number,
): Promise<{ queue: OpenQueue; share: number }[]> {
  const [only, ...others] = queues;
  if (only !== undefined && others.length === 0) return [{ queue: only, share: left }];
  const { text, parameters } = boundsOf(demand);
  const waiting: (Waiting & { queue: OpenQueue })[] = [];
  for (const queue of queues) {
    const next = await session.ask<Waiting>({
      sql: `
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

// The ids of pool and queue come as columns: to copy rows of thirty columns takes half as long as to read them. The limit is
// cast because SQLite plans a statement anew each time a parameter that is its limit is bound.
function nextRuns(
  session: ReadSession,
  demand: PoolDemand,
  { pool_id, queue_id, queue_free }: OpenQueue,
  left: number,
): Promise<PooledRun[]> {
  const { text, parameters } = boundsOf(demand);
  return session.ask<PooledRun>({
    sql: `
      select ${runColumns}, ? as pool_id, work_queue_id as queue_id from flow_run
      where work_queue_id = ? and ${isScheduled} ${text}
      order by next_scheduled_start_time, id limit cast(? as integer)`,
    parameters: [pool_id, queue_id, ...parameters, Math.min(left, queue_free)],
  });
}

// Only the bounds that are given: a condition that also holds without one would hide the index's range from SQLite.
function boundsOf({ scheduledAfter, scheduledBefore }: PoolDemand): { text: string; parameters: string[] } {
  const after = scheduledAfter === null ? '' : 'and next_scheduled_start_time >= ?';
  const before = scheduledBefore === null ? '' : 'and next_scheduled_start_time <= ?';
  return {
    text: `${after} ${before}`,
    parameters: [scheduledAfter, scheduledBefore].filter((bound) => bound !== null),
  };
}

const unboundedByName = textByName('');
const boundedByName = textByName('and next_scheduled_start_time <= ?');

function nextByName(
  session: ReadSession,
  { id, name, free }: NamedQueue,
  before: Timestamp | null,
): Promise<QueuedRun[]> {
  return session.ask<QueuedRun>(
    before === null
      ? { sql: unboundedByName(session.sql), parameters: [id, name, free] }
      : { sql: boundedByName(session.sql), parameters: [id, name, before, free] },
  );
}

// Compiled once, since that takes longer than to read a run.
function textByName(bound: string): (sql: Kysely<Tables>) => string {
  const chosen = sql.raw<{ run_id: string; queue_id: string }>(`(
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

/** As SQLite orders them: a run without a moment comes first. */
function byMoment(a: Waiting, b: Waiting): number {
  const [left, right] = [a.next_scheduled_start_time ?? '', b.next_scheduled_start_time ?? ''];
  if (left !== right) return left < right ? -1 : 1;
  if (a.id === b.id) return 0;
  return a.id < b.id ? -1 : 1;
}
