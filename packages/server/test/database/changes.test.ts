import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { keepsLostAnswer, type Operation, operations } from '@mintaka/contract';
import { createClient } from '@mintaka/contract/client';
import { dialectApp, dialects } from '@mintaka/testing/dialect-apps';
import { story } from '@mintaka/testing/story';
import { inEachWorld } from '@mintaka/testing/worlds';
import type { Database } from '../../src/database/database.ts';
import { createFlowRun } from '../../src/domain/runs/flow-runs.ts';
import { hear, hearing, numbered } from './heard.ts';

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
