import assert from 'node:assert/strict';
import { makeSchema, makeType, nobody, onEachDialect } from './support.ts';

onEachDialect('block schemas', (check) => {
  check(
    'the same fields are the same schema in any order of keys; another version is another schema',
    async (app) => {
      const typeId = await makeType(app, 'same');
      const post = (body: object) =>
        app.send('POST', '/api/block_schemas/', { block_type_id: typeId, ...body });
      const first = await post({ fields: { title: 'Same', a: 1, secret_fields: ['x'] } });
      const again = await post({ fields: { a: 1, title: 'Same', secret_fields: [] }, capabilities: ['new'] });
      assert.deepEqual([first.status, again.status], [201, 200]);
      assert.equal(again.body.id, first.body.id);
      assert.deepEqual(again.body.capabilities, []);
      assert.deepEqual(again.body.fields.secret_fields, ['x']);

      const newer = await post({ fields: { title: 'Same', a: 1 }, version: '1.0' });
      assert.equal(newer.status, 201);
      assert.equal(newer.body.checksum, first.body.checksum);
      const read = async (query: string) =>
        (await app.send('GET', `/api/block_schemas/checksum/${first.body.checksum}${query}`)).body;
      assert.equal((await read('')).id, newer.body.id, 'the newest is read if no version is requested');
      assert.equal((await read('?version=non-versioned')).id, first.body.id);
      assert.deepEqual(await read('?version=2.0'), { detail: 'Block schema not found' });
    },
  );

  check('a schema of an unknown type is refused', async (app) => {
    for (const [body, name] of [
      [{ block_type_id: nobody }, nobody],
      [{}, 'None'],
    ]) {
      const answer = await app.send('POST', '/api/block_schemas/', body);
      assert.deepEqual(answer, { status: 404, body: { detail: `Block type ${name} not found.` } });
    }
  });

  check('nested schemas are registered with a schema and combined again when it is read', async (app) => {
    await makeType(app, 'inner');
    const typeId = await makeType(app, 'outer');
    const unit = { title: 'Unit', enum: ['kg'] };
    const inner = {
      title: 'Inner',
      properties: { unit: { $ref: '#/definitions/Unit' } },
      block_type_slug: 'inner',
      secret_fields: [],
      block_schema_references: {},
    };
    const fields = {
      title: 'Outer',
      properties: { inner: { $ref: '#/definitions/Inner' } },
      block_type_slug: 'outer',
      block_schema_references: { inner: { block_type_slug: 'inner', block_schema_checksum: 'not known' } },
      definitions: { Inner: inner, Unit: unit },
    };
    const outer = await makeSchema(app, typeId, fields);
    const { body: read } = await app.send('GET', `/api/block_schemas/${outer.id}`);
    const filter = { block_schemas: { operator: 'and_' }, limit: 1 };
    const { body: newest } = await app.send('POST', '/api/block_schemas/filter', filter);
    assert.equal(newest[0].block_type.slug, 'inner');
    assert.deepEqual(newest[0].fields.definitions, { Unit: unit });
    assert.deepEqual(read.fields, {
      ...fields,
      block_schema_references: {
        inner: { block_type_slug: 'inner', block_schema_checksum: newest[0].checksum },
      },
    });
    assert.deepEqual(outer.fields, fields, 'the answer to its creation has the references as they were sent');
  });

  check(
    'references to unknown block types or definitions are refused, and nothing is stored',
    async (app) => {
      const typeId = await makeType(app, 'referring');
      const fields = (slug: string) => ({
        title: 'Referring',
        properties: { inner: { $ref: '#/definitions/Inner' } },
        block_schema_references: { inner: { block_type_slug: slug, block_schema_checksum: 'not known' } },
      });
      const post = (slug: string) =>
        app.send('POST', '/api/block_schemas/', { block_type_id: typeId, fields: fields(slug) });
      assert.deepEqual(await post('nowhere'), {
        status: 409,
        body: {
          detail:
            "Cannot create block schema because block type 'nowhere' was not found.Did you forget to register the block type?",
        },
      });
      assert.equal((await post('referring')).status, 422);
      const filter = { block_schemas: { block_type_id: { any_: [typeId] } } };
      assert.deepEqual((await app.send('POST', '/api/block_schemas/filter', filter)).body, []);
    },
  );

  check('capabilities are listed without duplicates', async (app) => {
    const typeId = await makeType(app, 'capable');
    await makeSchema(app, typeId, { n: 1 }, { capabilities: ['fly', 'swim'] });
    await makeSchema(app, typeId, { n: 2 }, { capabilities: ['swim'] });
    const { body } = await app.send('GET', '/api/block_capabilities/');
    assert.deepEqual(body, ['fly', 'swim']);
  });
});
