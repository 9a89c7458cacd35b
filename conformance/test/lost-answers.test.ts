import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createDatabase, type TestDatabase } from '@mintaka/testing/databases';
import { startOurs } from '@mintaka/testing/ours';
import { installReference } from '@mintaka/testing/reference';
import { startLosingProxy } from '../lost-answers/losing-proxy.ts';
import { dialects, missing } from './support.ts';

const unlucky = fileURLToPath(new URL('../lost-answers/unlucky.py', import.meta.url));

/** The number of rows of each kind, and the states of each task run. */
async function summary({ rows }: TestDatabase): Promise<object> {
  const states = Map.groupBy(await rows('task_run_state'), (state) => state.task_run_id);
  const histories = [...states.values()].map((those) =>
    those
      .toSorted((a, b) => (String(a.timestamp) < String(b.timestamp) ? -1 : 1))
      .map(({ type }) => type)
      .join(' '),
  );
  const messages = (await rows('log')).map(({ message }) => String(message));
  const count = async (table: string) => (await rows(table)).length;
  return {
    flows: await count('flow'),
    flowRuns: (await rows('flow_run')).map(({ state_type }) => state_type).toSorted(),
    taskRuns: await count('task_run'),
    histories,
    steps: messages.filter((message) => message.startsWith('step ')).toSorted(),
    deployments: await count('deployment'),
    limits: await count('concurrency_limit'),
    kept: await count('mintaka_lost_answer'),
  };
}

for (const dialect of dialects) {
  test(`a flow of the real client executes every write once although every first answer is lost, on ${dialect}`, async (t) => {
    const reason = await missing(dialect);
    if (reason !== false) return t.skip(reason);
    const database = await createDatabase(dialect, 'lost');
    const server = await startOurs({ database, loops: true });
    const proxy = await startLosingProxy(server.url);
    t.after(async () => {
      proxy.close();
      await server.stop();
      await database.drop();
    });

    const { status, stderr } = await installReference().run(proxy, [unlucky], { timeout: 300_000 });

    assert.equal(status, 0, stderr.slice(-4000));
    assert.ok(proxy.lost().length > 20, `${proxy.lost()}`);
    assert.deepEqual(await summary(database), {
      flows: 2,
      flowRuns: ['COMPLETED', 'SCHEDULED'],
      taskRuns: 3,
      histories: Array.from({ length: 3 }, () => 'PENDING RUNNING COMPLETED'),
      steps: ['step 0', 'step 1', 'step 2'],
      deployments: 1,
      limits: 0,
      kept: 0,
    });
  });
}
