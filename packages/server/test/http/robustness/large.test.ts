import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type DialectApp, dialectApp, dialects } from '@mintaka/testing/dialect-apps';

/** A character of each Unicode plane that is allowed in a text, the last ones of private use. */
const planes = Array.from({ length: 17 }, (_, plane) => String.fromCodePoint(plane * 0x10000 + 0x100));

for (const dialect of dialects) {
  describe(`large and unusual values on ${dialect}`, () => {
    let app: DialectApp | undefined;
    let flowId: string;
    before(async () => {
      app = await dialectApp(dialect);
      if (app !== undefined) flowId = (await app.send('POST', '/api/flows/', { name: 'large' })).body.id;
    });
    after(() => app?.close());

    test('a megabyte of parameters is returned unchanged', async (t) => {
      if (app === undefined) return t.skip('Postgres is not installed');
      const parameters = { text: 'x'.repeat(500_000), list: [...Array(60_000).keys()], deep: nested(100) };
      const { status, body } = await app.send('POST', '/api/flow_runs/', { flow_id: flowId, parameters });
      assert.equal(status, 201);
      const read = await app.send('GET', `/api/flow_runs/${body.id}`);
      assert.deepEqual(read.body.parameters, parameters);
    });

    test('names with characters of every Unicode plane are returned, and found', async (t) => {
      if (app === undefined) return t.skip('Postgres is not installed');
      for (const letter of [...planes, planes.join('')]) {
        const name = `name ${letter}`;
        const made = await app.send('POST', '/api/flows/', { name });
        assert.equal(made.status, 201);
        assert.equal(made.body.name, name);
        const byName = await app.send('GET', `/api/flows/name/${encodeURIComponent(name)}`);
        assert.equal(byName.body.id, made.body.id);
        const filter = { flows: { name: { any_: [name] } } };
        assert.deepEqual(
          (await app.send('POST', '/api/flows/filter', filter)).body.map((flow: { id: string }) => flow.id),
          [made.body.id],
        );
      }
    });

    test('only Postgres refuses a text that is too long for an index, without side effects', async (t) => {
      if (app === undefined) return t.skip('Postgres is not installed');
      // Of many characters, so that compression does not make it short.
      const long = Array.from({ length: 10_000 }, (_, index) => (index * index).toString(36)).join('');
      const bodies: readonly [path: string, body: object][] = [
        ['/api/flows/', { name: long }],
        ['/api/flow_runs/', { flow_id: flowId, idempotency_key: long }],
        ['/api/deployments/', { flow_id: flowId, name: long }],
        ['/api/work_pools/', { name: long }],
        ['/api/work_queues/', { name: long }],
        ['/api/concurrency_limits/', { tag: long, concurrency_limit: 1 }],
        ['/api/block_types/', { name: long, slug: long }],
      ];
      for (const [path, body] of bodies) {
        const { status } = await app.send('POST', path, body);
        assert.ok(
          dialect === 'postgres' ? status === 422 : [200, 201].includes(status),
          `${path}: ${status}`,
        );
      }
      assert.equal((await app.send('POST', '/api/flows/filter', {})).status, 200);
    });

    test('a run can have 10,000 tags, and is found by all of them', async (t) => {
      if (app === undefined) return t.skip('Postgres is not installed');
      const tags = Array.from({ length: 10_000 }, (_, index) => `tag ${index}`);
      const { body } = await app.send('POST', '/api/flow_runs/', { flow_id: flowId, tags });
      assert.deepEqual(body.tags, tags);
      const count = await app.send('POST', '/api/flow_runs/count', { flow_runs: { tags: { all_: tags } } });
      assert.deepEqual(count, { status: 200, body: 1 });
      const running = { state: { type: 'RUNNING' } };
      assert.equal((await app.send('POST', `/api/flow_runs/${body.id}/set_state`, running)).status, 201);
    });

    test('a page of 200 block documents with deeply nested data is returned completely', async (t) => {
      if (app === undefined) return t.skip('Postgres is not installed');
      const type = await app.send('POST', '/api/block_types/', { name: 'Deep', slug: 'deep' });
      const schema = await app.send('POST', '/api/block_schemas/', {
        block_type_id: type.body.id,
        fields: { title: 'Deep', type: 'object', properties: {}, secret_fields: ['deep.*'] },
      });
      const data = { deep: nested(200), wide: [...Array(200).keys()] };
      for (let index = 0; index < 200; index += 1) {
        const { status } = await app.send('POST', '/api/block_documents/', {
          name: `document-${index}`,
          data,
          block_schema_id: schema.body.id,
          block_type_id: type.body.id,
        });
        assert.equal(status, 201);
      }
      const page = await app.send('POST', '/api/block_documents/filter', { include_secrets: true });
      assert.equal(page.body.length, 200);
      for (const document of page.body) assert.deepEqual(document.data, data);
    });
  });
}

/** Nested objects. */
function nested(depth: number): object {
  let value: object = {};
  for (let level = 0; level < depth; level += 1) value = { inner: value };
  return value;
}
