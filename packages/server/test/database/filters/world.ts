import { fromEpoch, STATE_TYPES, type StateType, storedJson, type Timestamp } from '@mintaka/contract';
import fc from 'fast-check';
import type { WriteSession } from '../../../src/database/database.ts';

/** Rows of every table that composed filters read; the first digit of an `id` identifies the table. */
export type World = {
  pools: { id: string; name: string; type: string }[];
  queues: { id: string; name: string; work_pool_id: string }[];
  flows: { id: string; name: string; tags: string[] }[];
  deployments: {
    id: string;
    name: string;
    flow_id: string;
    tags: string[];
    is_schedule_active: boolean;
    work_queue_name: string | null;
    work_queue_id: string | null;
  }[];
  flowRuns: (Run & {
    flow_id: string;
    deployment_id: string | null;
    work_queue_id: string | null;
    work_queue_name: string | null;
    flow_version: string | null;
    parent_task_run_id: string | null;
    expected_start_time: Timestamp | null;
    next_scheduled_start_time: Timestamp | null;
  })[];
  taskRuns: (Run & { flow_run_id: string })[];
  logs: {
    id: string;
    level: number;
    timestamp: Timestamp;
    flow_run_id: string;
    task_run_id: string | null;
  }[];
};

type Run = {
  id: string;
  name: string;
  tags: string[];
  state_type: StateType | null;
  state_name: string | null;
  start_time: Timestamp | null;
};

/** The id of a row by the number of its table and its own. */
export function idOf(table: number, row: number): string {
  return `${table}0000000-0000-4000-8000-${String(row).padStart(12, '0')}`;
}

const tables = { pools: 1, queues: 2, flows: 3, deployments: 4, flowRuns: 5, taskRuns: 6, logs: 7 };
const sizes = { pools: 3, queues: 4, flows: 4, deployments: 6, flowRuns: 16, taskRuns: 16, logs: 10 };

/** The ids of a world's rows of one kind, and one unknown id. */
export function idsOf(kind: keyof typeof tables): string[] {
  return Array.from({ length: sizes[kind] + 1 }, (_, row) => idOf(tables[kind], row));
}

/** Names with capitals and with all characters that are special in LIKE. */
export const someName = fc.constantFrom('ab', 'Ab', 'a_b', 'a%b', 'a\\b', 'Marvin', 'sad-marvin', 'b');
export const someTag = fc.constantFrom('red', 'blue', "it's", 'a"b');
export const someVersion = fc.constantFrom('1', '2');
export const someStateName = fc.constantFrom('Running', 'Late', 'Completed');
export const someStateType = fc.constantFrom(...STATE_TYPES);
export const someMoment = fc
  .tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 3 }))
  .map(([seconds, micros]) => fromEpoch(1_790_000_000 + seconds, micros));
export const someLevel = fc.constantFrom(10, 20, 30, 40);

const someTags = fc.uniqueArray(someTag, { maxLength: 3 });
const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const idIn = (kind: keyof typeof tables) => fc.nat(sizes[kind] - 1).map((row) => idOf(tables[kind], row));

function rows<T extends object>(kind: keyof typeof tables, row: fc.Arbitrary<T>) {
  const size = { minLength: sizes[kind], maxLength: sizes[kind] };
  return fc
    .array(row, size)
    .map((all) => all.map((one, place) => ({ id: idOf(tables[kind], place), ...one })));
}

/** Names that are unique if the tables require it: each with the number of its row. */
function numbered<T extends { name: string }>(all: T[]): T[] {
  return all.map((row, place) => ({ ...row, name: `${row.name}${place}` }));
}

const run = {
  name: someName,
  tags: someTags,
  state_type: orNull(someStateType),
  state_name: orNull(someStateName),
  start_time: orNull(someMoment),
};

/** Any world. */
export const someWorld: fc.Arbitrary<World> = fc.record({
  pools: rows('pools', fc.record({ name: someName, type: fc.constantFrom('process', 'docker') })).map(
    numbered,
  ),
  queues: rows('queues', fc.record({ name: someName, work_pool_id: idIn('pools') })).map(numbered),
  flows: rows('flows', fc.record({ name: someName, tags: someTags })).map(numbered),
  deployments: rows(
    'deployments',
    fc.record({
      name: someName,
      flow_id: idIn('flows'),
      tags: someTags,
      is_schedule_active: fc.boolean(),
      work_queue_name: orNull(someName),
      work_queue_id: orNull(idIn('queues')),
    }),
  ).map(numbered),
  flowRuns: rows(
    'flowRuns',
    fc.record({
      ...run,
      flow_id: idIn('flows'),
      deployment_id: orNull(idIn('deployments')),
      work_queue_id: orNull(idIn('queues')),
      work_queue_name: orNull(someName),
      flow_version: orNull(someVersion),
      parent_task_run_id: orNull(idIn('taskRuns')),
      expected_start_time: orNull(someMoment),
      next_scheduled_start_time: orNull(someMoment),
    }),
  ),
  taskRuns: rows('taskRuns', fc.record({ ...run, flow_run_id: idIn('flowRuns') })),
  logs: rows(
    'logs',
    fc.record({
      level: someLevel,
      timestamp: someMoment,
      flow_run_id: idIn('flowRuns'),
      task_run_id: orNull(idIn('taskRuns')),
    }),
  ),
});

/** Writes a world into an empty database. */
export async function insertWorld(session: WriteSession, world: World): Promise<void> {
  const { sql } = session;
  const total_run_time = session.dialect.bindings.interval(0);
  const tagged = <T extends { tags: string[] }>(row: T) => ({ ...row, tags: storedJson(row.tags) });
  await session.run(
    sql.insertInto('work_pool').values(world.pools.map((row) => ({ ...row, base_job_template: '{}' }))),
  );
  await session.run(
    sql.insertInto('work_queue').values(world.queues.map((row, place) => ({ ...row, priority: place + 1 }))),
  );
  await session.run(sql.insertInto('flow').values(world.flows.map(tagged)));
  await session.run(
    sql
      .insertInto('deployment')
      .values(world.deployments.map((row) => ({ ...tagged(row), parameters: '{}', infra_overrides: '{}' }))),
  );
  await session.run(
    sql.insertInto('flow_run').values(
      world.flowRuns.map((row) => ({
        ...tagged(row),
        parent_task_run_id: null,
        total_run_time,
        parameters: '{}',
        context: '{}',
        empirical_policy: '{}',
      })),
    ),
  );
  await session.run(
    sql.insertInto('task_run').values(
      world.taskRuns.map((row) => ({
        ...tagged(row),
        total_run_time,
        task_key: 'key',
        dynamic_key: row.id,
        task_inputs: '{}',
        empirical_policy: '{}',
      })),
    ),
  );
  for (const { id, parent_task_run_id } of world.flowRuns) {
    await session.run(sql.updateTable('flow_run').set({ parent_task_run_id }).where('id', '=', id));
  }
  await session.run(
    sql.insertInto('log').values(world.logs.map((row) => ({ ...row, name: 'log', message: 'text' }))),
  );
}

/** Removes what {@link insertWorld} inserted. */
export async function clearWorld(session: WriteSession): Promise<void> {
  const { sql } = session;
  for (const table of ['log', 'flow', 'work_pool'] as const) await session.run(sql.deleteFrom(table));
}
