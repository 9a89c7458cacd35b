import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type DialectApp, dialectApp, dialects } from '@mintaka/testing/dialect-apps';

const replacement = '\ufffd';

for (const dialect of dialects) {
  describe(`characters that a database may refuse, on ${dialect}`, () => {
    let app: DialectApp | undefined;
    let flow: string;
    before(async () => {
      app = await dialectApp(dialect);
      if (app !== undefined) flow = (await app.send('POST', '/api/flows/', { name: 'characters' })).body.id;
    });
    after(() => app?.close());

    /** Each text with its stored form. */
    const texts: readonly [sent: string, stored: string][] = [
      ['nul \0 in it', dialect === 'sqlite' ? 'nul \0 in it' : `nul ${replacement} in it`],
      ['high \ud800 alone', `high ${replacement} alone`],
      ['low \udc00', `low ${replacement}`],
    ];

    for (const [sent, stored] of texts) {
      test(`${JSON.stringify(sent)} is stored as ${JSON.stringify(stored)} in every field, and found`, async (t) => {
        if (app === undefined) return t.skip('Postgres is not installed');
        const { send } = app;
        const json = { [sent]: sent, list: [sent, { [sent]: [sent] }] };
        const storedJson = { [stored]: stored, list: [stored, { [stored]: [stored] }] };
        const run = await send('POST', '/api/flow_runs/', {
          flow_id: flow,
          name: sent,
          parameters: json,
          context: json,
          tags: [sent, 'other'],
          state: { type: 'SCHEDULED', name: sent, message: sent },
        });
        assert.equal(run.status, 201);
        const path = `/api/flow_runs/${run.body.id}`;
        const { body } = await send('GET', path);
        assert.deepEqual(
          [body.name, body.tags, body.state.name, body.state.message],
          [stored, [stored, 'other'], stored, stored],
        );
        assert.deepEqual([body.parameters, body.context], [storedJson, storedJson]);

        const named = { any_: [sent] };
        const filters = [
          { name: named },
          { name: { like_: sent } },
          { name: { like_: sent.slice(2).toUpperCase() } },
          { tags: { all_: [sent] } },
          { tags: { all_: ['other', sent] } },
          { state: { name: named } },
          { id: { not_any_: [flow] }, name: named },
        ];
        for (const flow_runs of filters) {
          const found = await send('POST', '/api/flow_runs/filter', { flow_runs });
          assert.deepEqual(
            found.body.map((one: { id: string }) => one.id),
            [run.body.id],
            JSON.stringify(flow_runs),
          );
          assert.equal((await send('POST', '/api/flow_runs/count', { flow_runs })).body, 1);
        }
        for (const like_ of [`${sent}x`, `x${sent}`]) {
          assert.equal(
            (await send('POST', '/api/flow_runs/count', { flow_runs: { name: { like_ } } })).body,
            0,
          );
        }

        const failed = { type: 'FAILED', message: sent, data: json };
        assert.equal((await send('POST', `${path}/set_state`, { state: failed })).status, 201);
        const end = await send('GET', path);
        assert.deepEqual([end.body.state.message, end.body.state.data], [stored, storedJson]);
      });

      test(`a batch of logs with ${JSON.stringify(sent)} is stored completely`, async (t) => {
        if (app === undefined) return t.skip('Postgres is not installed');
        const { body: other } = await app.send('POST', '/api/flow_runs/', { flow_id: flow });
        const line = { name: sent, level: 20, timestamp: '2026-01-01T00:00:00Z', flow_run_id: other.id };
        const lines = [
          { ...line, message: 'good' },
          { ...line, message: sent },
        ];
        assert.equal((await app.send('POST', '/api/logs/', lines)).status, 201);
        const logs = { flow_run_id: { any_: [other.id] } };
        const read = await app.send('POST', '/api/logs/filter', { logs, sort: 'TIMESTAMP_ASC' });
        const told = read.body.map(({ name, message }: { name: string; message: string }) => [name, message]);
        assert.deepEqual(
          told.toSorted(),
          [
            [stored, 'good'],
            [stored, stored],
          ].toSorted(),
        );
      });

      test(`objects named ${JSON.stringify(sent)} are found by a path with that name`, async (t) => {
        if (app === undefined) return t.skip('Postgres is not installed');
        const { send } = app;
        const name = encodeURIComponent(sent.toWellFormed());
        const made = await send('POST', '/api/flows/', { name: sent, tags: [sent] });
        assert.deepEqual([made.status, made.body.name, made.body.tags], [201, stored, [stored]]);
        assert.equal((await send('GET', `/api/flows/name/${name}`)).body.id, made.body.id);
        const queue = await send('POST', '/api/work_queues/', { name: sent, filter: { tags: [sent] } });
        assert.equal(queue.status, 201);
        assert.equal((await send('GET', `/api/work_queues/name/${name}`)).body.id, queue.body.id);
        const limit = await send('POST', '/api/concurrency_limits/', { tag: sent, concurrency_limit: 1 });
        assert.equal((await send('GET', `/api/concurrency_limits/tag/${name}`)).body.id, limit.body.id);
        const search = await send('PUT', '/api/saved_searches/', {
          name: sent,
          filters: [{ object: 'flow', property: sent, type: 'x', operation: 'y', value: { [sent]: sent } }],
        });
        assert.equal(search.body.filters[0].property, stored);
        const pool = await send('POST', '/api/work_pools/', { name: sent, type: 'process' });
        assert.equal(pool.status, 201);
        assert.equal((await send('GET', `/api/work_pools/${name}`)).body.id, pool.body.id);
      });
    }
  });
}
