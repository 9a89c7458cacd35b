import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { operations } from '@mintaka/contract';
import { createClient } from '@mintaka/contract/client';
import { createDatabase, postgresUrl } from '@mintaka/testing/databases';
import { dialects } from '@mintaka/testing/dialect-apps';
import { startOurs } from '@mintaka/testing/ours';

/** After how many milliseconds from the sending of a list its server is killed. */
const kills = [1, 4, 9, 16];
const operationsOfList = 60;

for (const dialect of dialects) {
  test(`a list whose server is killed and that is repeated is done once, on ${dialect}`, async (context) => {
    if (dialect === 'postgres' && postgresUrl() === undefined) {
      return context.skip('Postgres is not installed');
    }
    const database = await createDatabase(dialect, 'killed-lists');
    context.after(() => database.drop());
    const start = async () => {
      const server = await startOurs({ database });
      return { server, client: createClient(operations, { baseUrl: `${server.url}/api`, fetch }) };
    };

    let { server, client } = await start();
    const { id: flow_id } = await client.flows.create({ body: { name: 'flow' } });
    const { id: flow_run_id } = await client.flowRuns.create({ body: { flow_id } });
    for (const [round, milliseconds] of kills.entries()) {
      const body = {
        id: randomUUID(),
        operations: Array.from({ length: operationsOfList }, (_, number) => ({
          operation: 'taskRuns.create' as const,
          body: { flow_run_id, task_key: 'task', dynamic_key: `${round} ${number}` },
        })),
      };
      const first = client.own.runOperations({ body }).catch(() => undefined);
      // At some moment of its work; the moments differ so that each part of it is hit.
      await pause(milliseconds);
      await server.kill();
      const answer = await first;
      ({ server, client } = await start());
      const repeated = await client.own.runOperations({ body });
      assert.equal(repeated.committed, true);
      if (answer !== undefined) assert.deepEqual(repeated, answer);
      assert.equal(await client.taskRuns.count({ body: {} }), (round + 1) * operationsOfList);
    }
    await server.stop();
  });
}
