import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Database, ReadSession, WriteSession } from '../../../src/database/database.ts';
import { type Databases, openBoth } from '../databases.ts';
import { plannedAtEachUse, plansMadeOnce, statementsOf } from '../plans/plan-of.ts';
import { at, idOf, pool, queue, run, writeWorld } from './world.ts';

const queues = Array.from({ length: 40 }, (_, number) =>
  queue(number, 0, { concurrency_limit: number % 2 === 0 ? null : 5 }),
);

let databases: Databases;
before(async () => {
  databases = await openBoth();
  const runs = Array.from({ length: 1000 }, (_, number) =>
    run(number, queues[number % 40] ?? queue(0, 0), number % 500, {
      state_type: number % 20 === 0 ? 'RUNNING' : number % 2 === 0 ? 'SCHEDULED' : 'COMPLETED',
    }),
  );
  for (const database of databases.all) {
    const world = { pools: [pool(0, { concurrency_limit: 500 })], queues, runs };
    await database.transaction(async (session) => {
      await writeWorld(session, world);
      for (const { id } of runs) await insertPending(session, id);
    });
    await database.administer((connection) => connection.exec('ANALYZE'));
  }
});
after(() => databases.close());

async function insertRetry(session: WriteSession, run_id: string): Promise<void> {
  await session.run(session.sql.insertInto('mintaka_waiting_retry').values({ run_id, due: at(5) }));
}

async function insertPending(session: WriteSession, flow_run_id: string): Promise<void> {
  const moment = at(0);
  const state = { id: flow_run_id, type: 'PENDING', name: 'Pending', timestamp: moment } as const;
  const rest = { flow_run_id, created: moment, updated: moment, state_details: '{}' };
  await session.run(session.sql.insertInto('flow_run_state').values({ ...state, ...rest }));
}

const pollOfPool = (session: ReadSession) =>
  session.dialect.questions.dispatch.fromPools(session, {
    pools: null,
    poolNames: [idOf('pool', 0)],
    queues: null,
    scheduledAfter: null,
    scheduledBefore: at(100_000),
    retriesHeldAfter: at(0),
    limit: 10,
    limitPerPool: 1000,
    limitPerQueue: 1000,
  });
const pollOfQueue = (session: ReadSession) =>
  session.dialect.questions.dispatch.fromQueues(session, {
    queues: [idOf('queue', 1)],
    scheduledBefore: at(100_000),
    retriesHeldAfter: at(0),
    limitPerQueue: 10,
  });

const polls: [what: string, ask: typeof pollOfPool | typeof pollOfQueue, indexes: string[]][] = [
  [
    'a work pool',
    pollOfPool,
    ['mintaka_flow_run_scheduled_by_queue_id', 'mintaka_flow_run_slots_by_queue_id'],
  ],
  [
    'a work queue',
    pollOfQueue,
    ['mintaka_flow_run_scheduled_by_queue_name', 'mintaka_flow_run_slots_by_queue_name'],
  ],
];

for (const [what, ask, indexes] of polls) {
  test(`a poll of ${what} reads runs only through the dispatch indexes, on both dialects`, async () => {
    for (const database of databases.all) {
      const plan = await planOf(database, ask);
      for (const index of indexes) assert.match(plan, new RegExp(index), database.dialect.name);
      assert.doesNotMatch(plan, /SCAN flow_run\b|Seq Scan on flow_run /, plan);
      const used = plan.matchAll(/(?:INDEX|using|on) ((?:mintaka|ix)_flow_run_\w+)/g);
      for (const [, index = ''] of used) assert.match(index, /^mintaka_flow_run_s|^ix_flow_run_state/, plan);
    }
  });
}

for (const [what, ask] of polls) {
  test(`a poll of ${what} that counts slots only reads the history of runs that may never have been claimed`, async () => {
    for (const database of databases.all) {
      const plan = await planOf(database, ask);
      assert.match(plan, /mintaka_flow_run_stopping_by_queue_(id|name)/, database.dialect.name);
      assert.match(plan, /uq_flow_run_state__flow_run_id_timestamp_desc/, database.dialect.name);
      assert.doesNotMatch(plan, /SCAN past|Seq Scan on flow_run_state|ix_flow_run_state__type/, plan);
    }
  });
}

test("SQLite looks up each run's retry by the run's id, if any retry is waiting", async () => {
  for (const database of databases.all) {
    if (database.dialect.name !== 'sqlite') continue;
    for (const [, ask] of polls) {
      assert.doesNotMatch(await planOf(database, ask), /SEARCH retry/);
      await database.transaction((session) => insertRetry(session, idOf('run', 1)));
      const plan = await planOf(database, ask);
      await database.transaction((session) => session.run(session.sql.deleteFrom('mintaka_waiting_retry')));
      assert.match(plan, /SEARCH retry USING INDEX sqlite_autoindex_mintaka_waiting_retry_1 \(run_id=\?\)/);
      assert.match(plan, /SEARCH flow_run USING (COVERING )?INDEX mintaka_flow_run_scheduled_by_queue/);
    }
  }
});

test('Postgres reads only the runs that a poll of a pool returns, plus one per queue, however many are waiting', async () => {
  for (const database of databases.all) {
    if (database.dialect.name !== 'postgres') continue;
    const plan = await planOf(database, pollOfPool, 'EXPLAIN (ANALYZE, TIMING OFF, SUMMARY OFF) ');
    const reads = [...plan.matchAll(/scheduled_by_queue_id on flow_run.*actual rows=(\d+) loops=(\d+)/g)];
    const [probe, take] = reads.map(([, rows, loops]) => ({ rows: Number(rows), loops: Number(loops) }));
    assert.ok(probe !== undefined && probe.rows <= 1, plan);
    assert.deepEqual(take, { rows: 10, loops: 1 }, plan);
  }
});

for (const [what, ask] of polls) {
  test(`a poll of ${what} is not planned again each time`, async () => {
    for (const database of databases.all) {
      const statements = await statementsOf(database, ask);
      assert.deepEqual(plannedAtEachUse(database, statements), []);
      if (database.dialect.name === 'postgres') assert.ok((await plansMadeOnce(database, ask)) > 0);
    }
  });
}

/** The plans of all statements of a question. */
async function planOf(
  database: Database,
  ask: (session: ReadSession) => Promise<unknown>,
  explain = database.dialect.name === 'sqlite' ? 'EXPLAIN QUERY PLAN ' : 'EXPLAIN ',
): Promise<string> {
  const lines: string[] = [];
  for (const { sql, parameters } of await statementsOf(database, ask)) {
    const rows = await database.administer((connection) => connection.query(explain + sql, parameters));
    lines.push(...rows.map((row) => String(row.detail ?? row['QUERY PLAN'])));
  }
  return lines.join('\n');
}
