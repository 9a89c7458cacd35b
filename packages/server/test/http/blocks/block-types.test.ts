import assert from 'node:assert/strict';
import { makeDocument, makeKind, makeSchema, makeType, nobody, onEachDialect } from './support.ts';

onEachDialect('block types', (check) => {
  check('a created type is found by id and slug, with its texts escaped for HTML', async (app) => {
    const texts = { description: '<b> & "c"', code_example: 'a > b', logo_url: 'https://example.com/x.png' };
    const made = await app.send('POST', '/api/block_types/', { name: 'Made', slug: 'made', ...texts });
    assert.equal(made.status, 201);
    assert.equal(made.body.description, '&lt;b&gt; &amp; "c"');
    assert.equal(made.body.code_example, 'a &gt; b');
    assert.equal(made.body.is_protected, false);
    for (const path of [`/api/block_types/${made.body.id}`, '/api/block_types/slug/made']) {
      assert.deepEqual(await app.send('GET', path), { status: 200, body: made.body });
    }
  });

  check('a slug is unique; a name can be repeated, and the answer is the first type with it', async (app) => {
    await makeType(app, 'once');
    const again = await app.send('POST', '/api/block_types/', { name: 'Other', slug: 'once' });
    assert.deepEqual(again, {
      status: 409,
      body: { detail: 'Block type with name "Other" already exists' },
    });
    const namesake = await app.send('POST', '/api/block_types/', { name: 'once', slug: 'once-more' });
    assert.deepEqual([namesake.status, namesake.body.slug], [201, 'once']);
    assert.equal((await app.send('GET', '/api/block_types/slug/once-more')).status, 200);
  });

  check('reserved names and invalid URLs are refused', async (app) => {
    const reserved = await app.send('POST', '/api/block_types/', { name: 'prefectly', slug: 'x' });
    assert.equal(reserved.status, 403);
    const refused = async (body: object) => (await app.send('POST', '/api/block_types/', body)).body;
    const odd = await refused({ name: 'a/b', slug: 'A', logo_url: 'ftp://example.com' });
    assert.deepEqual(
      odd.exception_detail.map((problem: { loc: string[]; type: string }) => [problem.loc[1], problem.type]),
      [
        ['name', 'value_error.invalidname'],
        ['slug', 'value_error'],
        ['logo_url', 'value_error.url.scheme'],
      ],
    );
  });

  check('a change updates the given fields, including null, and keeps the others', async (app) => {
    const id = await makeType(app, 'changing');
    const logo = { logo_url: 'https://example.com/a.png', description: '<as it is>' };
    assert.equal((await app.send('PATCH', `/api/block_types/${id}`, logo)).status, 204);
    assert.equal((await app.send('PATCH', `/api/block_types/${id}`, { logo_url: null })).status, 204);
    const { body } = await app.send('GET', `/api/block_types/${id}`);
    assert.deepEqual([body.logo_url, body.description, body.name], [null, '<as it is>', 'changing']);
    assert.equal((await app.send('PATCH', `/api/block_types/${nobody}`, {})).status, 404);
  });

  check(
    'lists are ordered by name, and filtered by slug, name and the capabilities of schemas',
    async (app) => {
      const b = await makeType(app, 'listed-b');
      await makeType(app, 'listed-a');
      await makeSchema(app, b, { of: 'listed-b' }, { capabilities: ['list', 'read'] });
      const list = async (body: object) =>
        (await app.send('POST', '/api/block_types/filter', body)).body.map(
          (type: { slug: string }) => type.slug,
        );
      assert.deepEqual(await list({ block_types: { name: { like_: 'LISTED' } } }), ['listed-a', 'listed-b']);
      assert.deepEqual(await list({ block_types: { name: { like_: 'listed' } }, limit: 1, offset: 1 }), [
        'listed-b',
      ]);
      assert.deepEqual(await list({ block_schemas: { block_capabilities: { all_: ['read'] } } }), [
        'listed-b',
      ]);
      assert.deepEqual(await list({ block_types: { slug: { any_: [] } } }), []);
    },
  );

  check('deleting a type deletes its schemas and documents; a protected one is refused', async (app) => {
    const kind = await makeKind(app, 'leaving');
    const document = await makeDocument(app, kind, 'here', {});
    assert.equal((await app.send('DELETE', `/api/block_types/${kind.block_type_id}`)).status, 204);
    assert.equal((await app.send('GET', `/api/block_documents/${document.id}`)).status, 404);
    assert.equal((await app.send('DELETE', `/api/block_types/${kind.block_type_id}`)).status, 404);

    assert.equal((await app.send('POST', '/api/block_types/install_system_block_types')).status, 200);
    const { body: type } = await app.send('GET', '/api/block_types/slug/secret');
    assert.deepEqual(await app.send('DELETE', `/api/block_types/${type.id}`), {
      status: 403,
      body: { detail: 'protected block types cannot be deleted.' },
    });
    const filter = { block_schemas: { block_type_id: { any_: [type.id] } } };
    const { body: schemas } = await app.send('POST', '/api/block_schemas/filter', filter);
    assert.deepEqual(await app.send('DELETE', `/api/block_schemas/${schemas[0].id}`), {
      status: 403,
      body: { detail: 'Block schemas for protected block types cannot be deleted.' },
    });
  });
});
