import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { StateType } from '@mintaka/contract';
import type { Database, ReadSession } from '../../../src/database/database.ts';
import type { PoolDemand, QueueDemand } from '../../../src/database/dialects/dispatch.ts';
import type { Query, Statement } from '../../../src/database/statements.ts';
import { type Databases, openBoth } from '../databases.ts';
import { at, idOf, pool, queue, type Run, run, type World, writeWorld } from './world.ts';

let databases: Databases;
before(async () => {
  databases = await openBoth();
});
after(() => databases.close());

const anything: PoolDemand = {
  pools: null,
  poolNames: null,
  queues: null,
  scheduledAfter: null,
  scheduledBefore: null,
  limit: 200,
  limitPerPool: 1000,
  limitPerQueue: 1000,
};
const anyQueue: QueueDemand = { queues: null, scheduledBefore: null, limitPerQueue: null };

/** The runs that the world returns, the same on every dialect: the numbers of the runs. */
async function poolRuns(world: World, demand: Partial<PoolDemand> = {}): Promise<number[]> {
  return alike(world, (session) =>
    session.dialect.questions.dispatch.fromPools(session, { ...anything, ...demand }),
  );
}

async function queueRuns(world: World, demand: Partial<QueueDemand> = {}): Promise<number[]> {
  return alike(world, (session) =>
    session.dialect.questions.dispatch.fromQueues(session, { ...anyQueue, ...demand }),
  );
}

async function alike(
  world: World,
  ask: (session: ReadSession) => Promise<{ id: string }[]>,
): Promise<number[]> {
  const answers: number[][] = [];
  for (const database of databases.all) {
    await database.transaction((session) => writeWorld(session, world));
    answers.push((await database.read(ask)).map(({ id }) => Number(id.slice(-12))));
  }
  for (const answer of answers) assert.deepEqual(answer, answers[0]);
  return answers[0] ?? [];
}

const held = { state_type: 'RUNNING' } as const;
const only = queue(1, 1);
const waiting = [run(3, only, 30), run(1, only, 10), run(2, only, 20)];

describe('a work pool returns', () => {
  test('nothing if it is empty', async () => {
    assert.deepEqual(await poolRuns({ pools: [], queues: [], runs: [] }), []);
    assert.deepEqual(await poolRuns({ pools: [pool(1)], queues: [], runs: [] }), []);
    assert.deepEqual(await poolRuns({ pools: [pool(1)], queues: [only], runs: [] }), []);
  });
  test('everything by time if nothing is limited', async () => {
    assert.deepEqual(await poolRuns({ pools: [pool(1)], queues: [only], runs: waiting }), [1, 2, 3]);
  });
  test('runs with the same time by id', async () => {
    const runs = [3, 1, 2].map((number) => run(number, only, 10));
    assert.deepEqual(await poolRuns({ pools: [pool(1)], queues: [only], runs }, { limit: 2 }), [1, 2]);
  });
  test('nothing with a limit of 0 in the demand, the pool or the queue', async () => {
    const world = { pools: [pool(1)], queues: [only], runs: waiting };
    assert.deepEqual(await poolRuns(world, { limit: 0 }), []);
    assert.deepEqual(await poolRuns(world, { limitPerPool: 0 }), []);
    assert.deepEqual(await poolRuns(world, { limitPerQueue: 0 }), []);
    assert.deepEqual(await poolRuns({ ...world, pools: [pool(1, { concurrency_limit: 0 })] }), []);
    assert.deepEqual(await poolRuns({ ...world, queues: [{ ...only, concurrency_limit: 0 }] }), []);
  });
  test('nothing while the pool or the queue is paused', async () => {
    const world = { pools: [pool(1)], queues: [only], runs: waiting };
    assert.deepEqual(await poolRuns({ ...world, pools: [pool(1, { is_paused: true })] }), []);
    assert.deepEqual(await poolRuns({ ...world, queues: [{ ...only, is_paused: true }] }), []);
  });
  test('no more than the slots that pending, running and cancelling runs leave free', async () => {
    const holding = (['PENDING', 'RUNNING', 'CANCELLING'] as const).map((state_type, place) =>
      run(10 + place, only, 0, { state_type }),
    );
    const others = (['PAUSED', 'COMPLETED', 'CRASHED'] as const).map((state_type, place) =>
      run(20 + place, only, 0, { state_type }),
    );
    const runs = [...waiting, ...holding, ...others];
    for (const [concurrency_limit, expected] of [
      [2, []],
      [3, []],
      [4, [1]],
      [5, [1, 2]],
    ] as const) {
      const pools = [pool(1, { concurrency_limit })];
      assert.deepEqual(await poolRuns({ pools, queues: [only], runs }), expected);
      const queues = [{ ...only, concurrency_limit }];
      assert.deepEqual(await poolRuns({ pools: [pool(1)], queues, runs }), expected);
    }
  });
  test('runs regardless of cancelling runs that were never pending according to their history', async () => {
    const cancelling = (past: StateType[], fields: Partial<Run> = {}) =>
      run(10, only, 0, { state_type: 'CANCELLING', past, ...fields });
    for (const [stopped, holds] of [
      [cancelling(['SCHEDULED', 'CANCELLING']), false],
      [cancelling(['CANCELLING']), false],
      [cancelling(['SCHEDULED', 'PENDING', 'CANCELLING']), true],
      [cancelling([]), true],
    ] as const) {
      const expected = holds ? [] : [1];
      const runs = [...waiting, stopped];
      const pools = [pool(1, { concurrency_limit: 1 })];
      assert.deepEqual(await poolRuns({ pools, queues: [only], runs }), expected);
      const queues = [{ ...only, concurrency_limit: 1 }];
      assert.deepEqual(await poolRuns({ pools: [pool(1)], queues, runs }), expected);
      assert.deepEqual(await queueRuns({ pools: [pool(1)], queues, runs }), expected);
    }
  });
  test('no run that waits for a retry in its own process, until the retry must have begun', async () => {
    const runs = [...waiting, run(4, only, 15, { waits: true }), run(5, only, 25, { waits: true })];
    const world = { pools: [pool(1)], queues: [only], runs };
    assert.deepEqual(await poolRuns(world), [1, 4, 2, 5, 3]);
    assert.deepEqual(await poolRuns(world, { retriesHeldAfter: at(25) }), [1, 4, 2, 5, 3]);
    assert.deepEqual(await poolRuns(world, { retriesHeldAfter: at(24) }), [1, 4, 2, 3]);
    assert.deepEqual(await poolRuns(world, { retriesHeldAfter: at(0), limit: 2 }), [1, 2]);
    assert.deepEqual(await poolRuns(world, { retriesHeldAfter: at(0), scheduledAfter: at(15) }), [2, 3]);
    assert.deepEqual(
      await queueRuns(world, { retriesHeldAfter: at(24), scheduledBefore: at(25) }),
      [1, 4, 2],
    );
    assert.deepEqual(await queueRuns(world, { retriesHeldAfter: at(0) }), [1, 2, 3]);
    const equals = [{ ...only, priority: 3 }, queue(2, 1, { priority: 3 })];
    const spread = { ...world, queues: equals, runs: [...runs, run(6, queue(2, 1), 12, { waits: true })] };
    assert.deepEqual(await poolRuns(spread, { retriesHeldAfter: at(0), limit: 2 }), [1, 2]);
  });
  test('fewer runs while runs of its paused queues are running', async () => {
    const paused = queue(2, 1, { is_paused: true });
    const runs = [...waiting, run(10, paused, 0, held), run(11, paused, 0, held)];
    const world = { pools: [pool(1, { concurrency_limit: 3 })], queues: [only, paused], runs };
    assert.deepEqual(await poolRuns(world), [1]);
  });
  test('runs by the priority of their queues, then by time', async () => {
    const late = queue(2, 1, { priority: 1 });
    const early = queue(3, 1, { priority: 2 });
    const runs = [run(1, late, 90), run(2, early, 10), run(3, late, 95)];
    assert.deepEqual(await poolRuns({ pools: [pool(1)], queues: [early, late], runs }), [1, 3, 2]);
  });
  test('runs of queues with the same priority by time, whichever queue they are in', async () => {
    const [a, b] = [queue(2, 1, { priority: 5 }), queue(3, 1, { priority: 5 })];
    const runs = [run(1, a, 10), run(2, b, 20), run(3, a, 30), run(4, b, 5)];
    const world = { pools: [pool(1)], queues: [a, b], runs };
    assert.deepEqual(await poolRuns(world), [4, 1, 2, 3]);
    assert.deepEqual(await poolRuns(world, { limit: 3 }), [4, 1, 2]);
    const narrow = { ...world, queues: [{ ...a, concurrency_limit: 1 }, b] };
    assert.deepEqual(await poolRuns(narrow), [4, 1, 2]);
  });
  test('runs that are due exactly at either bound, and none beyond them', async () => {
    const world = { pools: [pool(1)], queues: [only], runs: waiting };
    assert.deepEqual(await poolRuns(world, { scheduledBefore: at(20) }), [1, 2]);
    assert.deepEqual(await poolRuns(world, { scheduledBefore: at(19.999999) }), [1]);
    assert.deepEqual(await poolRuns(world, { scheduledAfter: at(20) }), [2, 3]);
    assert.deepEqual(await poolRuns(world, { scheduledAfter: at(20.000001) }), [3]);
    assert.deepEqual(await poolRuns(world, { scheduledAfter: at(20), scheduledBefore: at(20) }), [2]);
  });
  test('only runs of the chosen pools and queues; an empty choice means none', async () => {
    const other = queue(2, 2);
    const runs = [run(1, only, 10), run(2, other, 5)];
    const world = { pools: [pool(1), pool(2)], queues: [only, other], runs };
    assert.deepEqual(await poolRuns(world), [1, 2]);
    assert.deepEqual(await poolRuns(world, { pools: [idOf('pool', 2)] }), [2]);
    assert.deepEqual(await poolRuns(world, { queues: [idOf('queue', 1)] }), [1]);
    assert.deepEqual(await poolRuns(world, { pools: [idOf('pool', 2)], queues: [idOf('queue', 1)] }), []);
    assert.deepEqual(await poolRuns(world, { pools: [] }), []);
    assert.deepEqual(await poolRuns(world, { poolNames: [idOf('pool', 2)] }), [2]);
    assert.deepEqual(await poolRuns(world, { poolNames: [] }), []);
    assert.deepEqual(await poolRuns(world, { queues: [] }), []);
  });
  test('runs of 1,000 queues with a handful of statements', async () => {
    const queues = Array.from({ length: 1000 }, (_, place) => queue(place + 1, 1));
    const runs = [998, 999, 1000].map((number) => run(number, queue(number, 1), 0));
    const world = { pools: [pool(1, { concurrency_limit: 2 })], queues, runs };
    assert.deepEqual(await poolRuns(world), [998, 999]);
    for (const database of databases.all) {
      const counted = await countStatements(database, (session) =>
        session.dialect.questions.dispatch.fromPools(session, { ...anything, pools: [idOf('pool', 1)] }),
      );
      assert.ok(counted <= 3, `${database.dialect.name} needed ${counted} statements`);
    }
  });
});

describe('a work queue returns', () => {
  const world = { pools: [pool(1)], queues: [only], runs: waiting };
  test('nothing if it is empty', async () => {
    assert.deepEqual(await queueRuns({ pools: [], queues: [], runs: [] }), []);
    assert.deepEqual(await queueRuns({ pools: [pool(1)], queues: [only], runs: [] }), []);
  });
  test('the runs with its name, whatever queue they are in', async () => {
    const runs = [
      run(1, only, 20, { work_queue_id: null }),
      run(2, queue(7, 1), 10, { work_queue_id: only.id }),
    ];
    assert.deepEqual(await queueRuns({ ...world, runs }), [1]);
  });
  test('no run of a paused queue, independent of its pool', async () => {
    assert.deepEqual(await queueRuns({ ...world, queues: [{ ...only, is_paused: true }] }), []);
    const pools = [pool(1, { is_paused: true, concurrency_limit: 0 })];
    assert.deepEqual(await queueRuns({ ...world, pools }), [1, 2, 3]);
  });
  test('no more than the free slots of its limit, the limit of the demand, and both', async () => {
    const queues = [{ ...only, concurrency_limit: 3 }];
    const runs = [...waiting, run(10, only, 0, { state_type: 'CANCELLING' })];
    assert.deepEqual(await queueRuns({ ...world, queues, runs }), [1, 2]);
    assert.deepEqual(await queueRuns({ ...world, queues, runs }, { limitPerQueue: 1 }), [1]);
    assert.deepEqual(await queueRuns(world, { limitPerQueue: 2 }), [1, 2]);
    assert.deepEqual(await queueRuns(world, { limitPerQueue: 0 }), []);
    assert.deepEqual(await queueRuns({ ...world, queues: [{ ...only, concurrency_limit: 0 }] }), []);
  });
  test('runs that are due exactly at the bound, and none beyond it', async () => {
    assert.deepEqual(await queueRuns(world, { scheduledBefore: at(20) }), [1, 2]);
    assert.deepEqual(await queueRuns(world, { scheduledBefore: at(19.999999) }), [1]);
  });
  test('runs of several queues ordered by time', async () => {
    const other = queue(2, 1);
    const runs = [...waiting, run(4, other, 15), run(5, other, 5)];
    assert.deepEqual(await queueRuns({ ...world, queues: [only, other], runs }), [5, 1, 4, 2, 3]);
  });
  test('the runs of 1,000 queues', async () => {
    const queues = Array.from({ length: 1000 }, (_, place) => queue(place + 1, 1));
    const runs = [1000, 500, 1].map((number) => run(number, queue(number, 1), 0));
    assert.deepEqual(await queueRuns({ pools: [pool(1)], queues, runs }), [1, 500, 1000]);
  });
});

/** How many statements a question sends. */
async function countStatements(
  database: Database,
  ask: (session: ReadSession) => Promise<unknown>,
): Promise<number> {
  let count = 0;
  await database.read((session) => {
    const counting: ReadSession = {
      ...session,
      ask: <Row>(statement: Statement) => {
        count += 1;
        return session.ask<Row>(statement);
      },
      all: <Row>(query: Query<Row>) => {
        count += 1;
        return session.all(query);
      },
    };
    return ask(counting);
  });
  return count;
}
