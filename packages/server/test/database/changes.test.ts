import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, type TestContext, test } from 'node:test';
import { keepsLostAnswer, type Operation, operations } from '@mintaka/contract';
import { createClient } from '@mintaka/contract/client';
import { dialectApp, dialects } from '@mintaka/testing/dialect-apps';
import { testPostgres } from '@mintaka/testing/postgres';
import { story } from '@mintaka/testing/story';
import { inEachWorld } from '@mintaka/testing/worlds';
import type { Change } from '../../src/database/changes.ts';
import type { Database } from '../../src/database/database.ts';
import { openDatabase } from '../../src/database/open.ts';
import { createFlowRun } from '../../src/domain/runs/flow-runs.ts';

/** The changes that a listener receives, and a way to wait for them. */
function hear(database: Database) {
  const changes: Change[] = [];
  let resyncs = 0;
  let waiting: (() => void)[] = [];
  const wake = () => {
    const woken = waiting;
    waiting = [];
    for (const resolve of woken) resolve();
  };
  const stop = database.changes.listen({
    changed: (some) => {
      changes.push(...some);
      wake();
    },
    resync: () => {
      resyncs += 1;
      wake();
    },
  });
  return {
    changes,
    resyncs: () => resyncs,
    stop,
    /** Waits until the condition holds; it is checked after each call of the listener. */
    until: async (condition: () => boolean) => {
      while (!condition()) await new Promise<void>((resolve) => waiting.push(resolve));
    },
  };
}

/** Listens from now on: on Postgres a starting feed reports this to its listeners. */
async function hearing(database: Database) {
  const heard = hear(database);
  if (database.dialect.name === 'postgres') await heard.until(() => heard.resyncs() > 0);
  return heard;
}

inEachWorld('changes', (it) => {
  it('a new run is reported after its commit, with its state', async ({ context, flowId }) => {
    const heard = await hearing(context.database);
    const { value: run } = await createFlowRun(context, newRun(flowId, 'run'), null);
    await heard.until(() => heard.changes.some(({ state_type }) => state_type !== null));
    assert.deepEqual(
      heard.changes.filter(({ kind }) => kind === 'flow_run'),
      [
        {
          kind: 'flow_run',
          id: run.id,
          action: 'created',
          flow_run_id: run.id,
          state_type: null,
          work_queue_id: null,
        },
        {
          kind: 'flow_run',
          id: run.id,
          action: 'changed',
          flow_run_id: run.id,
          state_type: 'PENDING',
          work_queue_id: null,
        },
      ],
    );
  });

  it('changes that are rolled back are never reported', async ({ context }) => {
    const { database } = context;
    const heard = await hearing(database);
    const failing = database.transaction(async (session) => {
      await session.run(
        session.sql.insertInto('flow').values({ id: randomUUID(), name: 'gone', tags: '[]' }),
      );
      throw new Error('on purpose');
    });
    await assert.rejects(failing, /on purpose/);
    const id = randomUUID();
    await database.transaction((session) =>
      session.run(session.sql.insertInto('flow').values({ id, name: 'kept', tags: '[]' })),
    );
    await heard.until(() => heard.changes.length > 0);
    assert.deepEqual(
      heard.changes.map((change) => [change.kind, change.id]),
      [['flow', id]],
    );
  });

  it('a write of another server is reported in detail, or at least that something was written', async ({
    context,
    secondServer,
  }) => {
    const heard = await hearing(context.database);
    const second = await secondServer();
    const before = heard.resyncs();
    const id = randomUUID();
    await second.database.transaction((session) =>
      session.run(session.sql.insertInto('flow').values({ id, name: 'elsewhere', tags: '[]' })),
    );
    await heard.until(() => heard.resyncs() > before || heard.changes.some((change) => change.id === id));
    if (context.database.dialect.name === 'postgres') {
      assert.ok(heard.changes.some((change) => change.id === id));
    }
  });

  it('a listener that has left is not notified', async ({ context, flowId }) => {
    const gone = await hearing(context.database);
    const heard = hear(context.database);
    gone.stop();
    await createFlowRun(context, newRun(flowId, 'run'), null);
    await heard.until(() => heard.changes.length > 0);
    assert.deepEqual(gone.changes, []);
  });

  it('changes of one row come in the order of their commits, and none is missing', async ({
    context,
    flowId,
    secondServer,
  }) => {
    const servers = [context];
    // On SQLite another process is only known to have written.
    if (context.database.dialect.name === 'postgres') servers.push(await secondServer());
    const runs: string[] = [];
    for (let count = 0; count < 5; count += 1) {
      runs.push((await createFlowRun(context, newRun(flowId, `run ${count}`), null)).value.id);
    }
    const heards = await Promise.all(servers.map(({ database }) => hearing(database)));
    const steps = 60;
    await Promise.all(
      servers.flatMap(({ database }) =>
        runs.map(async (id) => {
          for (let step = 0; step < steps; step += 1) await countUp(database, id);
        }),
      ),
    );
    const total = steps * servers.length;
    for (const heard of heards) {
      const counts = (id: string) =>
        heard.changes
          .filter((change) => change.id === id && change.work_queue_id !== null)
          .map(({ work_queue_id }) => Number(work_queue_id?.slice(-6)));
      await heard.until(() => runs.every((id) => counts(id).length >= total));
      for (const id of runs) {
        assert.deepEqual(
          counts(id),
          Array.from({ length: total }, (_, place) => place + 1),
        );
      }
    }
  });
});

const newRun = (flow_id: string, name: string) => ({
  flow_id,
  name,
  empirical_policy: {
    max_retries: 0,
    retry_delay_seconds: 0,
    retries: 0,
    retry_delay: 0,
    pause_keys: [],
    resuming: false,
  },
});

/** A number as an id. */
function numbered(count: number): string {
  return `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`;
}

/** Adds one to a run's count, and notes the count as the id of its queue. */
function countUp(database: Database, id: string): Promise<void> {
  return database.transaction(async (session) => {
    const query = session.sql.selectFrom('flow_run').select('run_count').where('id', '=', id);
    const run = await session.first(session.dialect.bindings.lock(query, 'flow_run'));
    const run_count = (run?.run_count ?? 0) + 1;
    const work_queue_id = numbered(run_count);
    session.send(session.sql.updateTable('flow_run').set({ run_count }).where('id', '=', id));
    session.changed({ kind: 'flow_run', id, action: 'changed', work_queue_id });
  });
}

describe('changes on Postgres', () => {
  let url: string | undefined;
  let drop = async () => {};
  let offset = 0;
  const open = async (context: TestContext) => {
    const database = await openDatabase({
      url: url ?? '',
      timeout: 30,
      connectionTimeout: 10,
      lockTimeout: 20,
      poolSize: 4,
      monotonic: () => performance.now() + offset,
      onConnectionLost: () => {},
    });
    context.after(() => database.close());
    return database;
  };
  before(async () => {
    const place = await testPostgres({ migrated: true });
    if (place !== undefined) ({ url, drop } = place);
  });
  after(() => drop());

  const note = (database: Database, id: string) =>
    database.transaction(async (session) => {
      session.changed({ kind: 'flow', id, action: 'changed' });
    });

  test('a transaction that commits after one that began later is reported, although a reader that compares numbers would miss it', async (context) => {
    if (url === undefined) return context.skip('Postgres is not installed');
    const database = await open(context);
    const heard = await hearing(database);
    const [early, late] = [randomUUID(), randomUUID()];
    const begun = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const slow = database.transaction(async (session) => {
      session.send({
        sql: "insert into mintaka_change (kind, id, action) values ('flow', $1::uuid, 'changed')",
        parameters: [early],
      });
      await session.ask({ sql: 'select 1', parameters: [] });
      begun.resolve();
      await goOn.promise;
      session.changed({ kind: 'deployment', id: early, action: 'changed' });
    });
    await begun.promise;
    await note(database, late);
    await heard.until(() => heard.changes.some(({ id }) => id === late));
    const number = async (id: string) => {
      const sql = 'select number::integer from mintaka_change where id = $1::uuid order by number limit 1';
      const rows = await database.read((session) =>
        session.ask<{ number: number }>({ sql, parameters: [id] }),
      );
      return rows[0]?.number ?? Number.NaN;
    };
    const lastNumber = await number(late);
    goOn.resolve();
    await slow;
    await heard.until(() => heard.changes.some(({ kind }) => kind === 'deployment'));
    assert.deepEqual(
      heard.changes.map(({ kind, id }) => [kind, id]),
      [
        ['flow', late],
        ['flow', early],
        ['deployment', early],
      ],
    );
    assert.ok((await number(early)) < lastNumber, 'its number is below one that was heard before');
  });

  test('listeners are told to read again if the connection that listens was lost', async (context) => {
    if (url === undefined) return context.skip('Postgres is not installed');
    const database = await open(context);
    const heard = await hearing(database);
    const before = heard.resyncs();
    const terminate =
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like 'listen %'";
    // It may still be in transit.
    while ((await database.administer((connection) => connection.query(terminate, []))).length === 0);
    await heard.until(() => heard.resyncs() > before);
    const id = randomUUID();
    await note(database, id);
    await heard.until(() => heard.changes.some((change) => change.id === id));
  });

  test('while connections break, each listener hears every change in order, or is told to read again', async (context) => {
    if (url === undefined) return context.skip('Postgres is not installed');
    const [writer, other] = [await open(context), await open(context)];
    const heard = await hearing(other);
    const id = randomUUID();
    await writer.transaction((session) =>
      session.run(session.sql.insertInto('flow').values({ id, name: id, tags: '[]' })),
    );
    const breakSome =
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and random() < 0.3';
    const steps = 300;
    let resyncsAtBreak = 0;
    for (let step = 1; step <= steps; step += 1) {
      if (step % 30 === 0) {
        resyncsAtBreak = heard.resyncs();
        await writer.administer((connection) => connection.query(breakSome, []));
      }
      await writer.transaction(async (session) => {
        session.changed({ kind: 'flow', id, action: 'changed', work_queue_id: numbered(step) });
      });
    }
    const hasHeardLast = () => heard.changes.some((change) => change.work_queue_id === numbered(steps));
    await heard.until(() => hasHeardLast() || heard.resyncs() > resyncsAtBreak);
    const numbers = heard.changes
      .filter((change) => change.id === id && change.work_queue_id !== null)
      .map(({ work_queue_id }) => Number(work_queue_id?.slice(-6)));
    assert.deepEqual(
      numbers,
      numbers.toSorted((a, b) => a - b),
    );
    assert.equal(new Set(numbers).size, numbers.length);
    assert.ok(numbers.length === steps || heard.resyncs() > 1, `${numbers.length} of ${steps} were heard`);
  });

  test('more changes than fit into one read are reported as a whole', async (context) => {
    if (url === undefined) return context.skip('Postgres is not installed');
    const database = await open(context);
    const heard = await hearing(database);
    const before = heard.resyncs();
    await database.transaction(async (session) => {
      for (let count = 0; count < 12_000; count += 1) {
        session.changed({ kind: 'flow', id: null, action: 'changed' });
      }
    });
    await heard.until(() => heard.resyncs() > before);
    const id = randomUUID();
    await note(database, id);
    await heard.until(() => heard.changes.some((change) => change.id === id));
    assert.ok(heard.changes.length < 12_000);
  });

  test('changes are forgotten after a minute', async (context) => {
    if (url === undefined) return context.skip('Postgres is not installed');
    const database = await open(context);
    const count = async () => {
      const sql = 'select count(*)::integer as count from mintaka_change';
      const rows = await database.read((session) => session.ask<{ count: number }>({ sql, parameters: [] }));
      return rows[0]?.count;
    };
    await note(database, randomUUID());
    await database.changes.forgetOld();
    assert.notEqual(await count(), 0);
    // Open transactions of other databases of the cluster delay the cleanup.
    while ((await count()) !== 0) {
      offset += 61_000;
      await database.changes.forgetOld();
    }
    await note(database, randomUUID());
    await database.changes.forgetOld();
    assert.equal(await count(), 1);
  });
});

/** Operations that write without a change for listeners: they drop or create the tables themselves. */
const silent = ['admin.dropDatabase'];

for (const dialect of dialects) {
  test(`each operation that writes is heard of, on ${dialect}`, async (context) => {
    const server = await dialectApp(dialect);
    if (server === undefined) return context.skip('Postgres is not installed');
    context.after(server.close);
    const { database } = server.context;
    const heard = await hearing(database);
    /** Waits until everything committed so far is reported. */
    const catchUp = async () => {
      const id = randomUUID();
      await database.transaction(async (session) => {
        session.changed({ kind: 'everything', id, action: 'changed' });
      });
      await heard.until(() => heard.changes.some((change) => change.id === id));
      return heard.changes.splice(0).filter((change) => change.id !== id);
    };
    const loud = new Set<string>(silent);
    const url = await server.app.listen({ host: '127.0.0.1', port: 0 });
    const client = createClient(operations, {
      baseUrl: `${url}/api`,
      fetch: async (address, request) => {
        const answer = await fetch(address, request);
        const name = nameOf(request.method, new URL(address).pathname);
        if (!name.startsWith('admin.drop') && (await catchUp()).length > 0) loud.add(name);
        return answer;
      },
    });

    for (const { name, tell } of story) await context.test(name, () => tell(client));

    const quiet = written.map(({ name }) => name).filter((name) => !loud.has(name));
    assert.deepEqual(quiet, []);
  });
}

/** Every operation that writes, by the pattern of its path. */
const written = Object.entries(operations).flatMap(([resource, those]) =>
  Object.entries(those)
    .filter(([, operation]: [string, Operation]) => keepsLostAnswer(operation))
    .map(([name, { method, path }]: [string, Operation]) => ({
      name: `${resource}.${name}`,
      method,
      pattern: new RegExp(`^/api${path.replace(/:\w+/g, '[^/]+')}$`),
    })),
);

function nameOf(method: string, path: string): string {
  return written.find((one) => one.method === method && one.pattern.test(path))?.name ?? 'reads';
}
