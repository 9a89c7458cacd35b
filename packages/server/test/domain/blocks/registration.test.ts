import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dialectApp, dialects } from '@mintaka/testing/dialect-apps';
import { catalog } from '../../../src/domain/blocks/catalog/index.ts';
import { registerCatalog, registerProtectedBlocks } from '../../../src/domain/blocks/registration.ts';
import type { Context } from '../../../src/domain/context.ts';

async function typesOf({ database }: Context) {
  return database.read((session) =>
    session.all(session.sql.selectFrom('block_type').selectAll().orderBy('slug')),
  );
}

for (const dialect of dialects) {
  test(`the catalog is registered once, even by servers that start together, on ${dialect}`, async (t) => {
    const app = await dialectApp(dialect);
    if (app === undefined) return t.skip('Postgres is not installed');
    const { context } = app;
    await Promise.all([registerCatalog(context), registerCatalog(context)]);
    const first = await typesOf(context);
    assert.deepEqual(
      first.map((type) => type.slug),
      catalog.map((block) => block.slug).sort(),
    );
    await registerCatalog(context);
    assert.deepEqual(await typesOf(context), first);
    const { body } = await app.send('POST', '/api/block_schemas/filter', {});
    assert.equal(body.length, catalog.length);
    const container = body.find(
      (schema: { block_type: { slug: string } }) => schema.block_type.slug === 'docker-container',
    );
    assert.equal(container.fields.definitions.DockerRegistry.block_type_slug, 'docker-registry');
    assert.deepEqual(container.capabilities, ['run-infrastructure']);
    await app.close();
  });

  test(`deleted or unprotected types are restored, and others' texts are kept, on ${dialect}`, async (t) => {
    const app = await dialectApp(dialect);
    if (app === undefined) return t.skip('Postgres is not installed');
    const { context } = app;
    await registerCatalog(context);
    await context.database.transaction(async (session) => {
      await session.run(session.sql.deleteFrom('block_type').where('slug', '=', 'secret'));
      await session.run(
        session.sql
          .updateTable('block_type')
          .set({ is_protected: false, description: 'theirs' })
          .where('slug', '=', 'json'),
      );
    });
    await registerProtectedBlocks(context);
    const types = new Map((await typesOf(context)).map((type) => [type.slug, type]));
    assert.equal(types.get('secret')?.is_protected, true);
    assert.equal(types.get('json')?.is_protected, true);
    assert.equal(types.get('json')?.description, 'theirs');
    await app.close();
  });
}

test("blocks for the server's own senders are registered at start and protected, and not part of the reference's set", async () => {
  const app = await dialectApp('sqlite');
  assert.ok(app);
  const own = ['custom-webhook', 'email', 'mattermost-webhook'];
  const installed = await app.send('POST', '/api/block_types/install_system_block_types');
  assert.equal(installed.status, 200);
  const system = (await typesOf(app.context)).map((type) => type.slug);
  assert.deepEqual(
    own.filter((slug) => system.includes(slug)),
    [],
  );
  await registerCatalog(app.context);
  for (const slug of own) {
    const { body: type } = await app.send('GET', `/api/block_types/slug/${slug}`);
    assert.equal(type.is_protected, true, slug);
    assert.equal((await app.send('DELETE', `/api/block_types/${type.id}`)).status, 403);
  }
  const notifying = { block_schemas: { block_capabilities: { all_: ['notify'] } } };
  const { body: able } = await app.send('POST', '/api/block_types/filter', notifying);
  const slugs = able.map((type: { slug: string }) => type.slug);
  assert.deepEqual(
    own.filter((slug) => !slugs.includes(slug)),
    [],
  );
  await app.close();
});
