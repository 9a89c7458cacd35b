import assert from 'node:assert/strict';
import type { Statement } from '../../../src/database/statements.ts';
import { readBlockDocument } from '../../../src/domain/blocks/block-documents.ts';
import { MASK } from '../../../src/domain/blocks/secrets.ts';
import { makeDocument, makeKind, makeSchema, nobody, onEachDialect, refer } from './support.ts';

onEachDialect('block documents', (check) => {
  check('secrets are masked unless requested, and stored encrypted', async (app) => {
    const kind = await makeKind(app, 'masked', ['password', 'all.*']);
    const data = { password: 'hush', all: { a: 1 }, seen: 1.5 };
    const made = await makeDocument(app, kind, 'one', data);
    assert.deepEqual(made.data, { password: MASK, all: { a: MASK }, seen: 1.5 });
    const path = `/api/block_documents/${made.id}`;
    assert.deepEqual((await app.send('GET', path)).body, made);
    assert.deepEqual((await app.send('GET', `${path}?include_secrets=true`)).body.data, data);
    const row = await app.context.database.read((session) =>
      session.first(session.sql.selectFrom('block_document').select('data').where('id', '=', made.id)),
    );
    assert.match(String(row?.data.parse()), /^gAAAAA[\w-]+=*$/);
  });

  check('a mask that is sent back keeps the secret', async (app) => {
    const kind = await makeKind(app, 'kept', ['password']);
    const { id } = await makeDocument(app, kind, 'one', { password: 'hush', name: 'a' });
    const path = `/api/block_documents/${id}`;
    const read = async () => (await app.send('GET', `${path}?include_secrets=true`)).body.data;
    await app.send('PATCH', path, { data: { password: MASK, name: 'b' } });
    assert.deepEqual(await read(), { password: 'hush', name: 'b' });
    await app.send('PATCH', path, { data: { password: 'new' } });
    assert.deepEqual(await read(), { password: 'new', name: 'b' });
    await app.send('PATCH', path, { data: { name: 'c' }, merge_existing_data: false });
    assert.deepEqual(await read(), { name: 'c' });
    await app.send('PATCH', path, {});
    assert.deepEqual(await read(), { name: 'c' });
  });

  check('nested documents are included in the answer, in their current version', async (app) => {
    const kind = await makeKind(app, 'nested', ['password']);
    const leaf = await makeDocument(app, kind, 'leaf', { password: 'hush' });
    const twig = await makeDocument(app, kind, 'twig', { leaf: refer(leaf.id), size: 1 });
    const tree = await makeDocument(app, kind, 'tree', { left: refer(twig.id), right: refer(leaf.id) });
    const masked = { password: MASK };
    assert.deepEqual(tree.data, { left: { leaf: masked, size: 1 }, right: masked });
    const { left, right } = tree.block_document_references;
    assert.equal(right.block_document.id, leaf.id);
    const nestedType = (await app.send('GET', '/api/block_types/slug/nested')).body;
    assert.deepEqual(right.block_document.block_type, nestedType);
    assert.equal(left.block_document.block_document_references.leaf.block_document.name, 'leaf');

    await app.send('PATCH', `/api/block_documents/${leaf.id}`, { data: { password: 'new' } });
    const body = { block_documents: { name: { any_: ['tree', 'twig'] } }, include_secrets: true };
    const { body: list } = await app.send('POST', '/api/block_documents/filter', body);
    assert.deepEqual(
      list.map((document: { data: object }) => document.data),
      [
        { left: { leaf: { password: 'new' }, size: 1 }, right: { password: 'new' } },
        { leaf: { password: 'new' }, size: 1 },
      ],
    );

    await app.send('PATCH', `/api/block_documents/${tree.id}`, { data: { right: 'plain' } });
    const { body: changed } = await app.send('GET', `/api/block_documents/${tree.id}`);
    assert.deepEqual([changed.data, changed.block_document_references], [{ right: 'plain' }, {}]);
  });

  check('documents that refer to each other are expanded until the cycle closes', async (app) => {
    const kind = await makeKind(app, 'round');
    const a = await makeDocument(app, kind, 'a', {});
    const b = await makeDocument(app, kind, 'b', { a: refer(a.id) });
    await app.send('PATCH', `/api/block_documents/${a.id}`, { data: { b: refer(b.id), self: refer(a.id) } });
    assert.deepEqual((await app.send('GET', `/api/block_documents/${a.id}`)).body.data, { b: {} });
  });

  check('references to unknown documents are refused', async (app) => {
    const kind = await makeKind(app, 'lost');
    const post = async (target: unknown) =>
      (
        await app.send('POST', '/api/block_documents/', {
          ...kind,
          name: 'x',
          data: { in: { $ref: target } },
        })
      ).status;
    assert.deepEqual(
      [await post({}), await post('x'), await post({ block_document_id: 'x' })],
      [422, 422, 422],
    );
    assert.equal(await post({ block_document_id: nobody }), 409);
    const { id } = await makeDocument(app, kind, 'y', {});
    const change = (target: unknown) =>
      app.send('PATCH', `/api/block_documents/${id}`, { data: { in: { $ref: target } } });
    assert.deepEqual(await change({}), {
      status: 400,
      body: { detail: 'Received block reference without a block_document_id in key in' },
    });
    assert.equal((await change({ block_document_id: nobody })).status, 409);
  });

  check(
    'names are unique within a type; anonymous documents need none and are only listed on request',
    async (app) => {
      const kind = await makeKind(app, 'named');
      const post = (body: object) => app.send('POST', '/api/block_documents/', { ...kind, ...body });
      assert.equal((await post({ name: 'taken' })).status, 201);
      assert.deepEqual(await post({ name: 'taken' }), {
        status: 409,
        body: { detail: 'Block already exists' },
      });
      const { block_type_id } = kind;
      const schemaless = (name: string) => app.send('POST', '/api/block_documents/', { block_type_id, name });
      assert.equal((await schemaless('taken')).body.detail, 'Block already exists');
      assert.match((await schemaless('free')).body.detail, /^Data integrity conflict/);
      assert.equal(
        (await post({})).body.exception_detail[0].msg,
        'Names must be provided for block documents.',
      );
      const anonymous = await post({ is_anonymous: true });
      assert.match(anonymous.body.name, /^anonymous-[0-9a-f-]{36}$/);
      assert.equal((await app.send('POST', '/api/block_documents/', { name: 'typeless' })).status, 409);

      const count = async (body: object) => {
        const types = { block_types: { slug: { any_: ['named'] } } };
        return (await app.send('POST', '/api/block_documents/filter', { ...types, ...body })).body.length;
      };
      assert.equal(await count({}), 1);
      assert.equal(await count({ block_documents: {} }), 1);
      assert.equal(await count({ block_documents: { is_anonymous: { eq_: true } } }), 1);
      assert.equal(await count({ block_documents: { is_anonymous: null } }), 2);
      assert.equal((await app.send('GET', '/api/block_types/slug/named/block_documents')).body.length, 1);
      const named = `/api/block_types/slug/named/block_documents/name/${anonymous.body.name}`;
      assert.equal((await app.send('GET', named)).body.id, anonymous.body.id);
    },
  );

  check(
    'a document can be moved to another schema of its type, and not to one of another type',
    async (app) => {
      const kind = await makeKind(app, 'moving');
      const other = await makeKind(app, 'elsewhere');
      const next = await makeSchema(app, kind.block_type_id, { next: true });
      const { id } = await makeDocument(app, kind, 'one', { a: 1 });
      const move = async (schema: string, more = {}) =>
        app.send('PATCH', `/api/block_documents/${id}`, { block_schema_id: schema, ...more });
      assert.equal((await move(next.id)).status, 204);
      const schemaOf = async () => (await app.send('GET', `/api/block_documents/${id}`)).body.block_schema_id;
      assert.equal(await schemaOf(), kind.block_schema_id, 'without data nothing changes');
      assert.equal((await move(next.id, { data: {} })).status, 204);
      assert.equal(await schemaOf(), next.id);
      assert.deepEqual(await move(other.block_schema_id, { data: {} }), {
        status: 400,
        body: { detail: 'Must migrate block document to a block schema of the same block type.' },
      });
      assert.equal((await move(nobody, { data: {} })).status, 409);
    },
  );

  check('an invalid id is an unknown path, and another method on a known path is 405', async (app) => {
    for (const method of ['GET', 'DELETE', 'POST'] as const) {
      for (const id of ['x', '00000000-0000-0000-0000-00000000DEAD']) {
        const answer = await app.send(method, `/api/block_documents/${id}?include_secrets=odd`);
        assert.deepEqual(answer, { status: 404, body: { detail: 'Not Found' } });
      }
    }
    for (const [method, path] of [
      ['GET', 'filter'],
      ['POST', nobody],
    ] as const) {
      const answer = await app.send(method, `/api/block_documents/${path}`);
      assert.deepEqual(answer, { status: 405, body: { detail: 'Method Not Allowed' } });
    }
    for (const id of [nobody, nobody.replaceAll('-', '')]) {
      const answer = await app.send('GET', `/api/block_documents/${id}`);
      assert.deepEqual(answer, { status: 404, body: { detail: 'Block document not found' } });
    }
  });

  check('a thousand nested documents are read with one query', async (app) => {
    const kind = await makeKind(app, 'many', ['password']);
    const { id } = await makeDocument(app, kind, 'part', { password: 'hush' });
    const copies = await app.context.database.transaction(async (session) => {
      const part = session.sql.selectFrom('block_document').selectAll().where('id', '=', id);
      const [row] = await session.all(part);
      assert.ok(row !== undefined);
      const rows = Array.from({ length: 1000 }, (_, number) => ({
        ...row,
        id: app.context.random.id(),
        name: `part-${number}`,
        data: row.data.text,
      }));
      await session.run(session.sql.insertInto('block_document').values(rows));
      return rows.map((copy) => copy.id);
    });
    const references = Object.fromEntries(copies.map((copy, number) => [`field${number}`, refer(copy)]));
    const whole = await makeDocument(app, kind, 'whole', references);
    let questions = 0;
    const database = app.context.database;
    const document = await readBlockDocument(
      {
        ...app.context,
        database: {
          ...database,
          read: (work) =>
            database.read((session) =>
              work({
                ...session,
                all: (query) => session.all(query).finally(() => questions++),
                ask: <Row>(statement: Statement) => session.ask<Row>(statement).finally(() => questions++),
              }),
            ),
        },
      },
      whole.id,
      true,
    );
    const data = Object(document.data.parse());
    assert.equal(Object.keys(data).length, 1000);
    assert.deepEqual(data.field999, { password: 'hush' });
    assert.equal(questions, 2, 'one for the documents, one for their schemas');
  });
});
