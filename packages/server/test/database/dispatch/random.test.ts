import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { STATE_TYPES } from '@mintaka/contract';
import fc from 'fast-check';
import type { Database } from '../../../src/database/database.ts';
import type { PoolDemand, QueueDemand } from '../../../src/database/dialects/dispatch.ts';
import { type Databases, openBoth } from '../databases.ts';
import { fromPools, fromQueues, type Handed } from './model.ts';
import {
  at,
  idOf,
  insertRun,
  type Pool,
  pool,
  type Queue,
  queue,
  type Run,
  updateRun,
  type World,
  writeWorld,
} from './world.ts';

const seed = 280;
const operations = Number(process.env.MINTAKA_TEST_OPERATIONS ?? 2500);

type Operation =
  | { kind: 'run'; row: Run }
  | { kind: 'queue'; number: number; changes: Pick<Queue, 'priority' | 'is_paused' | 'concurrency_limit'> }
  | { kind: 'pool'; number: number; changes: Pick<Pool, 'is_paused' | 'concurrency_limit'> }
  | { kind: 'ask pools'; demand: PoolDemand }
  | { kind: 'ask queues'; demand: QueueDemand };

const emptyWorld: World = {
  pools: [pool(0), pool(1), pool(2)],
  queues: [
    queue(0, 0, { name: 'default' }),
    ...[1, 2, 3].map((number) => queue(number, 0)),
    queue(4, 1, { name: 'default' }),
    queue(5, 1),
    queue(6, 2),
  ],
  runs: [],
};

const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null, freq: 2 });
const someDue = fc.integer({ min: 0, max: 8 }).map(at);
const someLimit = fc.integer({ min: 0, max: 6 });
const someIds = (kind: 'pool' | 'queue', count: number) =>
  fc.uniqueArray(
    fc.nat(count).map((number) => idOf(kind, number)),
    { maxLength: 3 },
  );
const rarely = fc.integer({ min: 0, max: 4 }).map((number) => number === 0);

const someRun: fc.Arbitrary<Run> = fc.record({
  id: fc.nat(59).map((number) => idOf('run', number)),
  state_type: fc.oneof(
    { weight: 3, arbitrary: fc.constant('SCHEDULED' as const) },
    { weight: 2, arbitrary: fc.constantFrom(...STATE_TYPES) },
  ),
  work_queue_id: orNull(fc.constantFrom(...emptyWorld.queues.map(({ id }) => id))),
  work_queue_name: orNull(fc.constantFrom(...emptyWorld.queues.map(({ name }) => name))),
  next_scheduled_start_time: fc.option(someDue, { nil: null, freq: 10 }),
  waits: fc.boolean(),
});

/** A demand with or without the time for retries. */
function withHeld<Demand>(fields: { [Key in keyof Demand]: fc.Arbitrary<Demand[Key]> }) {
  return fc
    .tuple(fc.record(fields), orNull(someDue))
    .map(([demand, held]) => (held === null ? demand : { ...demand, retriesHeldAfter: held }));
}

const someOperation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('run' as const), row: someRun }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('queue' as const),
      number: fc.nat(6),
      changes: fc.record({
        priority: fc.integer({ min: 1, max: 3 }),
        is_paused: rarely,
        concurrency_limit: orNull(someLimit),
      }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('pool' as const),
      number: fc.nat(2),
      changes: fc.record({ is_paused: rarely, concurrency_limit: orNull(someLimit) }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('ask pools' as const),
      demand: withHeld({
        pools: orNull(someIds('pool', 3)),
        poolNames: orNull(someIds('pool', 3)),
        queues: orNull(someIds('queue', 7)),
        scheduledAfter: orNull(someDue),
        scheduledBefore: orNull(someDue),
        limit: fc.integer({ min: 0, max: 20 }),
        limitPerPool: fc.integer({ min: 0, max: 10 }),
        limitPerQueue: fc.integer({ min: 0, max: 5 }),
      }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('ask queues' as const),
      demand: withHeld({
        queues: orNull(someIds('queue', 7)),
        scheduledBefore: orNull(someDue),
        limitPerQueue: orNull(fc.integer({ min: 0, max: 5 })),
      }),
    }),
  },
);

let databases: Databases;
before(async () => {
  databases = await openBoth();
});
after(() => databases.close());

test(`SQLite, Postgres and a naive model return the same runs over ${operations} random operations`, async () => {
  const world = structuredClone(emptyWorld);
  for (const database of databases.all) {
    await database.transaction((session) => writeWorld(session, world));
  }
  for (const [place, operation] of fc.sample(someOperation, { seed, numRuns: operations }).entries()) {
    const isNew = operation.kind === 'run' && !world.runs.some(({ id }) => id === operation.row.id);
    change(world, operation);
    for (const database of databases.all) {
      const answer = await apply(database, operation, isNew);
      if (answer === undefined) continue;
      const expected = model(world, operation, database);
      assert.deepEqual(
        answer,
        expected,
        `operation ${place} on ${database.dialect.name}: ${JSON.stringify(operation)}`,
      );
    }
  }
});

function change(world: World, operation: Operation): void {
  if (operation.kind === 'run') {
    world.runs = [...world.runs.filter(({ id }) => id !== operation.row.id), operation.row];
  }
  if (operation.kind === 'queue') Object.assign(world.queues[operation.number] ?? {}, operation.changes);
  if (operation.kind === 'pool') Object.assign(world.pools[operation.number] ?? {}, operation.changes);
}

function model(world: World, operation: Operation, { dialect }: Database): Handed[] {
  const nullsFirst = dialect.name === 'sqlite';
  if (operation.kind === 'ask pools') return fromPools(world, operation.demand, nullsFirst);
  if (operation.kind === 'ask queues') return fromQueues(world, operation.demand, nullsFirst);
  return [];
}

async function apply(
  database: Database,
  operation: Operation,
  isNew: boolean,
): Promise<Handed[] | undefined> {
  const { dispatch } = database.dialect.questions;
  switch (operation.kind) {
    case 'ask pools': {
      const runs = await database.read((session) => dispatch.fromPools(session, operation.demand));
      return runs.map((run) => ({ run: run.id, queue: run.queue_id }));
    }
    case 'ask queues': {
      const runs = await database.read((session) => dispatch.fromQueues(session, operation.demand));
      return runs.map((run) => ({ run: run.id, queue: run.queue_id })).sort(sameRunsByQueue);
    }
    case 'run': {
      const { row } = operation;
      await database.transaction(async (session) => {
        if (isNew) await insertRun(session, row);
        else await updateRun(session, row);
      });
      return undefined;
    }
    case 'queue':
    case 'pool': {
      const table = operation.kind === 'queue' ? 'work_queue' : 'work_pool';
      const id = idOf(operation.kind, operation.number);
      await database.transaction((session) =>
        session.run(session.sql.updateTable(table).set(operation.changes).where('id', '=', id)),
      );
      return undefined;
    }
  }
}

/** Two queues of the same name return the same run; their order is undefined. */
function sameRunsByQueue(a: Handed, b: Handed): number {
  return a.run === b.run ? a.queue.localeCompare(b.queue) : 0;
}
