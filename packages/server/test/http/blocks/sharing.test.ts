import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  MOST_DEFINITION_CHARACTERS,
  MOST_DOCUMENT_REFERENCES,
  MOST_SCHEMA_CHARACTERS,
  MOST_SCHEMA_REFERENCES,
  WRITTEN_OUT_DOCUMENTS,
} from '@mintaka/contract';
import { type DialectApp, dialectApp, dialects, type Reply } from '@mintaka/testing/dialect-apps';

const skipped = 'Postgres is not installed';

for (const dialect of dialects) {
  describe(`blocks that refer to others, on ${dialect}`, () => {
    let app: DialectApp | undefined;
    let type: string;
    let schema: string;
    before(async () => {
      app = await dialectApp(dialect);
      if (app === undefined) return;
      type = (await app.send('POST', '/api/block_types/', { name: 'Shared', slug: 'shared' })).body.id;
      const fields = { title: 'Shared', type: 'object', properties: {}, secret_fields: ['key', 'one.key'] };
      schema = (await app.send('POST', '/api/block_schemas/', { block_type_id: type, fields })).body.id;
    });
    after(() => app?.close());

    async function make(name: string, data: object) {
      assert.ok(app !== undefined);
      const body = { name, data, block_type_id: type, block_schema_id: schema };
      return app.send('POST', '/api/block_documents/', body);
    }

    const refer = (id: string) => ({ $ref: { block_document_id: id } });

    test('shared documents are expanded up to the limit, and then shown as references', async (t) => {
      if (app === undefined) return t.skip(skipped);
      let id: string = (await make('level-0', { key: 'hush', text: 'x'.repeat(1000) })).body.id;
      for (let level = 1; level <= 30; level += 1) {
        const { status, body } = await make(`level-${level}`, {
          key: 'hush',
          one: refer(id),
          two: refer(id),
        });
        assert.equal(status, 201);
        id = body.id;
      }
      for (const url of [`/api/block_documents/${id}`, `/api/block_documents/${id}?include_secrets=true`]) {
        const read: Reply = await app.send('GET', url);
        const text = JSON.stringify(read.body);
        assert.ok(text.includes('$ref') && text.includes('xxx'));
        assert.ok(text.length < 20 * WRITTEN_OUT_DOCUMENTS.characters);
      }
      const { body: page } = await app.send('POST', '/api/block_documents/filter', {});
      assert.equal(page.length, 31);
      assert.ok(!JSON.stringify(page).includes('hush'));
      const changed = await app.send('PATCH', `/api/block_documents/${id}`, { data: { key: 'other' } });
      assert.equal(changed.status, 204);
    });

    test('a long chain of documents can be read, with the first ones expanded', async (t) => {
      if (app === undefined) return t.skip(skipped);
      let id: string = (await make('link-0', { end: true })).body.id;
      for (let link = 1; link <= 700; link += 1)
        id = (await make(`link-${link}`, { next: refer(id) })).body.id;
      const { status, body } = await app.send('GET', `/api/block_documents/${id}`);
      assert.equal(status, 200);
      assert.ok(body.data.next !== undefined);
      let [data, levels] = [body.data, 0];
      while (data.next !== undefined && data.next.$ref === undefined)
        [data, levels] = [data.next, levels + 1];
      assert.ok(levels <= WRITTEN_OUT_DOCUMENTS.depth);
    });

    test('documents that refer to each other can be read', async (t) => {
      if (app === undefined) return t.skip(skipped);
      const one = (await make('circle-one', {})).body.id;
      const two = (await make('circle-two', { other: refer(one) })).body.id;
      assert.equal(
        (await app.send('PATCH', `/api/block_documents/${one}`, { data: { other: refer(two) } })).status,
        204,
      );
      for (const id of [one, two])
        assert.equal((await app.send('GET', `/api/block_documents/${id}`)).status, 200);
    });

    test('a document may refer to the maximum number of others, and not to more', async (t) => {
      if (app === undefined) return t.skip(skipped);
      const { id } = (await make('target', {})).body;
      const fields = (count: number) =>
        Object.fromEntries(Array.from({ length: count }, (_, index) => [`f${index}`, refer(id)]));
      assert.equal((await make('referring', fields(MOST_DOCUMENT_REFERENCES))).status, 201);
      assert.deepEqual(await make('referring-too-much', fields(MOST_DOCUMENT_REFERENCES + 1)), {
        status: 422,
        body: { detail: 'A block document must not refer to more than 1000 others by its fields.' },
      });
    });

    test('schemas with shared definitions show each of them once', async (t) => {
      if (app === undefined) return t.skip(skipped);
      const { send } = app;
      let checksum = '';
      let definitions = {};
      for (let level = 0; level < 25; level += 1) {
        const title = `Level${level}`;
        const child = `#/definitions/Level${level - 1}`;
        const references =
          level === 0
            ? {}
            : {
                one: { block_type_slug: 'shared', block_schema_checksum: checksum },
                two: { block_type_slug: 'shared', block_schema_checksum: checksum },
              };
        const own = {
          title,
          type: 'object',
          properties: level === 0 ? {} : { one: { $ref: child }, two: { $ref: child } },
          block_type_slug: 'shared',
          block_schema_references: references,
        };
        const { status, body } = await send('POST', '/api/block_schemas/', {
          block_type_id: type,
          fields: { ...own, definitions },
        });
        assert.equal(status, 201);
        checksum = body.checksum;
        definitions = { ...definitions, [title]: own };
      }
      const { body } = await send('GET', `/api/block_schemas/checksum/${checksum}`);
      assert.equal(Object.keys(body.fields.definitions).length, 24);
      assert.equal((await send('POST', '/api/block_schemas/filter', {})).status, 200);
    });

    test('a schema shows definitions of others up to the limit', async (t) => {
      if (app === undefined) return t.skip(skipped);
      const { send } = app;
      let definitions: Record<string, object> = {};
      let checksum = '';
      // Each takes a little more than a tenth of the limit, so that nine fit.
      const text = 'x'.repeat(MOST_DEFINITION_CHARACTERS / 10);
      for (let link = 0; link < 12; link += 1) {
        const title = `Link${link}`;
        const references =
          link === 0 ? {} : { next: { block_type_slug: 'shared', block_schema_checksum: checksum } };
        const own = {
          title,
          text,
          properties: link === 0 ? {} : { next: { $ref: `#/definitions/Link${link - 1}` } },
          block_type_slug: 'shared',
          block_schema_references: references,
        };
        const fields = { ...own, definitions };
        const { status, body } = await send('POST', '/api/block_schemas/', { block_type_id: type, fields });
        assert.equal(status, 201);
        checksum = body.checksum;
        definitions = { [title]: own };
      }
      const { body } = await send('GET', `/api/block_schemas/checksum/${checksum}`);
      const shown = Object.keys(body.fields.definitions);
      assert.deepEqual([shown.length, shown[0], shown.at(-1)], [9, 'Link10', 'Link2']);
    });

    test('a schema may have the maximum number of references and characters, and not more', async (t) => {
      if (app === undefined) return t.skip(skipped);
      const { send } = app;
      const post = (fields: object) =>
        send('POST', '/api/block_schemas/', { block_type_id: type, fields: { title: 'Limits', ...fields } });
      const reference = { block_type_slug: 'shared', block_schema_checksum: 'sha256:x' };
      const definitions = (count: number) => ({
        Other: { block_schema_references: { all: Array(count - 1).fill(reference) } },
      });
      const block_schema_references = { one: reference };
      const fits = await post({ definitions: definitions(MOST_SCHEMA_REFERENCES), block_schema_references });
      assert.match(fits.body.detail, /is not defined/);
      const refused = await post({
        definitions: definitions(MOST_SCHEMA_REFERENCES + 1),
        block_schema_references,
      });
      assert.deepEqual(
        [refused.status, refused.body.detail],
        [422, 'The fields of a block schema must not refer to more than 100 other schemas.'],
      );
      const room = MOST_SCHEMA_CHARACTERS - '{"title": "Limits", "text": ""}'.length;
      assert.equal((await post({ text: 'x'.repeat(room) })).status, 201);
      const { body } = await post({ text: 'x'.repeat(room + 1) });
      assert.equal(body.exception_detail[0].msg, 'fields must not have more than 262144 characters as JSON');
    });
  });
}
