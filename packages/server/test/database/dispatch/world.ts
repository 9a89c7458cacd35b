import { randomUUID } from 'node:crypto';
import { addSeconds, type StateType, type Timestamp, timestamp } from '@mintaka/contract';
import type { WriteSession } from '../../../src/database/database.ts';

/** The columns of a pool that the queries read. */
export type Pool = { id: string; is_paused: boolean; concurrency_limit: number | null };
/** The columns of a queue that the queries read. */
export type Queue = {
  id: string;
  name: string;
  work_pool_id: string;
  priority: number;
  is_paused: boolean;
  concurrency_limit: number | null;
};
/** The columns of a run that the queries read. */
export type Run = {
  id: string;
  state_type: StateType;
  work_queue_id: string | null;
  work_queue_name: string | null;
  next_scheduled_start_time: Timestamp | null;
  /** Whether the run waits in its own process for a retry. */
  waits?: boolean;
  /** The types of its past states, oldest first; without any it has no history. */
  past?: readonly StateType[];
};
/** Everything that the queries read. */
export type World = { pools: Pool[]; queues: Queue[]; runs: Run[] };

const start = timestamp('2026-09-01 00:00:00.000000');
const created = { created: start, updated: start };
const flowId = idOf('flow', 0);

/** The time this many seconds after the start of the world. */
export function at(seconds: number): Timestamp {
  return addSeconds(start, seconds);
}

/** The id of a row by its kind and number; a higher number is a greater id. */
export function idOf(kind: 'flow' | 'pool' | 'queue' | 'run', number: number): string {
  const kinds = { flow: 1, pool: 2, queue: 3, run: 4 };
  return `${kinds[kind]}0000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

/** A pool without limit. */
export function pool(number: number, fields: Partial<Pool> = {}): Pool {
  return { id: idOf('pool', number), is_paused: false, concurrency_limit: null, ...fields };
}

/** A queue of the pool with the given number, without limit; named after its own number. */
export function queue(number: number, poolNumber: number, fields: Partial<Queue> = {}): Queue {
  return {
    id: idOf('queue', number),
    name: `queue ${number}`,
    work_pool_id: idOf('pool', poolNumber),
    priority: number,
    is_paused: false,
    concurrency_limit: null,
    ...fields,
  };
}

/** A run that waits in the given queue, due this many seconds after the start of the world. */
export function run(number: number, { id, name }: Queue, due: number, fields: Partial<Run> = {}): Run {
  return {
    id: idOf('run', number),
    state_type: 'SCHEDULED',
    work_queue_id: id,
    work_queue_name: name,
    next_scheduled_start_time: at(due),
    ...fields,
  };
}

/** Replaces all that the database has. */
export async function writeWorld(session: WriteSession, { pools, queues, runs }: World): Promise<void> {
  for (const table of ['mintaka_waiting_retry', 'flow_run', 'flow'] as const) {
    await session.run(session.sql.deleteFrom(table));
  }
  await session.run(session.sql.updateTable('work_pool').set({ default_queue_id: null }));
  for (const table of ['work_queue', 'work_pool'] as const) await session.run(session.sql.deleteFrom(table));
  await session.run(session.sql.insertInto('flow').values({ id: flowId, ...created, name: 'f', tags: '[]' }));
  for (const row of pools) {
    await session.run(
      session.sql.insertInto('work_pool').values({ ...created, ...row, name: row.id, type: 'prefect-agent' }),
    );
  }
  for (const row of queues) {
    await session.run(session.sql.insertInto('work_queue').values({ ...created, ...row }));
  }
  for (const row of runs) await insertRun(session, row);
}

/** Adds a run. */
export async function insertRun(session: WriteSession, row: Run): Promise<void> {
  const { waits: _, past = [], ...columns } = row;
  await session.run(
    session.sql.insertInto('flow_run').values({
      ...created,
      ...columns,
      name: row.id,
      flow_id: flowId,
      empirical_policy: '{}',
      tags: '[]',
      parameters: '{}',
      context: '{}',
      total_run_time: session.dialect.bindings.interval(0),
    }),
  );
  await writeRetry(session, row);
  for (const [place, type] of past.entries()) await insertState(session, row.id, type, place);
}

/** Updates the given columns of a run. */
export async function updateRun(session: WriteSession, row: Run): Promise<void> {
  const { waits: _, past: __, ...columns } = row;
  await session.run(session.sql.updateTable('flow_run').set(columns).where('id', '=', row.id));
  await writeRetry(session, row);
}

async function writeRetry(session: WriteSession, { id, waits, next_scheduled_start_time: due }: Run) {
  await session.run(session.sql.deleteFrom('mintaka_waiting_retry').where('run_id', '=', id));
  if (waits !== true || due === null) return;
  await session.run(session.sql.insertInto('mintaka_waiting_retry').values({ run_id: id, due }));
}

async function insertState(session: WriteSession, flow_run_id: string, type: StateType, place: number) {
  const id = randomUUID();
  const state = { id, flow_run_id, type, name: type, timestamp: at(place), state_details: '{}' };
  await session.run(session.sql.insertInto('flow_run_state').values({ ...created, ...state }));
  await session.run(session.sql.updateTable('flow_run').set({ state_id: id }).where('id', '=', flow_run_id));
}
