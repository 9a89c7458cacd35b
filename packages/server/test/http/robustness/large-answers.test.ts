import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type DialectApp, dialectApp, dialects } from '@mintaka/testing/dialect-apps';

/** Together far more than the database returns in one result. */
const count = 30;
const megabyte = 'x'.repeat(1024 * 1024);

type Item = { id: string };

for (const dialect of dialects) {
  describe(`lists of large items, on ${dialect}`, () => {
    let app: DialectApp | undefined;
    let runs: string[] = [];
    before(async () => {
      app = await dialectApp(dialect);
      if (app !== undefined) runs = await makeLargeRuns(app);
    });
    after(() => app?.close());

    const check = (name: string, work: (app: DialectApp) => Promise<void>) =>
      test(name, async (t) => {
        if (app === undefined) return t.skip('Postgres is not installed');
        await work(app);
      });

    check('a page of flow runs is complete and in order', async ({ send }) => {
      const { status, body } = await send('POST', '/api/flow_runs/filter', { sort: 'ID_DESC' });
      assert.equal(status, 200);
      const ids = body.map(({ id }: Item) => id);
      assert.deepEqual(ids, runs.toSorted().reverse());
      for (const { parameters } of body) assert.equal(parameters.text.length, megabyte.length);
      const page = await send('POST', '/api/flow_runs/filter', { sort: 'ID_DESC', limit: 20, offset: 5 });
      assert.deepEqual(
        page.body.map(({ id }: Item) => id),
        ids.slice(5, 25),
      );
    });

    check('a page of logs is complete and in order', async ({ send }) => {
      for (let part = 0; part < 3; part += 1) {
        const lines = Array.from({ length: count / 3 }, (_, line) => ({
          name: 'large',
          level: 20,
          message: `${part * 10 + line} ${megabyte}`,
          timestamp: `2026-01-01T00:00:${String(part * 10 + line).padStart(2, '0')}Z`,
          flow_run_id: runs[0],
        }));
        assert.equal((await send('POST', '/api/logs/', lines)).status, 201);
      }
      const { body } = await send('POST', '/api/logs/filter', { sort: 'TIMESTAMP_ASC' });
      assert.deepEqual(
        body.map(({ message }: { message: string }) => Number(message.split(' ')[0])),
        [...Array(count).keys()],
      );
    });

    check('states and the graph of task runs with large results are complete', async ({ send }) => {
      const id = runs[0];
      for (let number = 0; number < count; number += 1) {
        const state = { type: 'RUNNING', data: megabyte };
        const run = { flow_run_id: id, task_key: 'large', dynamic_key: `${number}`, state };
        assert.equal((await send('POST', '/api/task_runs/', run)).status, 201);
        await send('POST', `/api/flow_runs/${id}/set_state`, { state, force: true });
      }
      const graph = await send('GET', `/api/flow_runs/${id}/graph`);
      assert.equal(graph.body.length, count);
      assert.ok(graph.body.every(({ state }: { state: { data: string } }) => state.data === megabyte));
      const states = await send('GET', `/api/flow_run_states/?flow_run_id=${id}`);
      assert.equal(states.body.length, count + 1);
      const page = await send('POST', '/api/task_runs/filter', {});
      assert.equal(page.body.length, count);
    });

    check('a poll returns as many runs as fit, and the database keeps working', async ({ send }) => {
      await send('POST', '/api/work_pools/', { name: 'large', type: 'process' });
      const flow = await send('POST', '/api/flows/', { name: 'polled' });
      const deployment = await send('POST', '/api/deployments/', {
        name: 'd',
        flow_id: flow.body.id,
        work_pool_name: 'large',
        parameters: { text: megabyte },
      });
      const scheduled = { state: { type: 'SCHEDULED' } };
      for (let number = 0; number < count; number += 1) {
        await send('POST', `/api/deployments/${deployment.body.id}/create_flow_run`, scheduled);
      }
      for (let poll = 0; poll < 3; poll += 1) {
        const { status, body } = await send('POST', '/api/work_pools/large/get_scheduled_flow_runs', {});
        assert.equal(status, 200);
        assert.ok(body.length >= 1 && body.length < count, `${body.length} runs`);
      }
      assert.deepEqual((await send('GET', '/api/health')).body, true);
    });
  });
}

async function makeLargeRuns({ send }: DialectApp): Promise<string[]> {
  const flow = await send('POST', '/api/flows/', { name: 'large' });
  const ids: string[] = [];
  for (let number = 0; number < count; number += 1) {
    const run = { flow_id: flow.body.id, parameters: { text: megabyte } };
    ids.push((await send('POST', '/api/flow_runs/', run)).body.id);
  }
  return ids;
}
