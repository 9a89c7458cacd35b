import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDatabase } from '@mintaka/testing/databases';
import { startOurs } from '@mintaka/testing/ours';
import type { RunningServer } from '@mintaka/testing/process';
import { installReference } from '@mintaka/testing/reference';
import { compareDocuments } from '../openapi/compare.ts';
import { type ApiDocument, readDocument } from '../openapi/document.ts';
import { explain } from '../openapi/explained.ts';
import { missing } from './support.ts';

test("our API description matches the reference's, operation by operation, except for explained differences", async (t) => {
  const reason = await missing('sqlite');
  if (reason !== false) return t.skip(reason);

  const [reference, ours] = await Promise.all([
    published(installReference().start, 'openapi_reference'),
    published(startOurs, 'openapi_ours'),
  ]);

  const paths = new Set([...reference.operations.keys()].map((name) => name.replace(/^\w+ /, '')));
  assert.deepEqual([reference.operations.size, paths.size], [109, 85]);
  assert.deepEqual(explain(compareDocuments(reference, ours)), { unexplained: [], unused: [] });
});

type Start = ReturnType<typeof installReference>['start'];

/** The API description of a new server. */
async function published(start: Start, name: string): Promise<ApiDocument> {
  const database = await createDatabase('sqlite', name);
  let server: RunningServer | undefined;
  try {
    server = await start({ database });
    return readDocument(await (await fetch(`${server.url}/openapi.json`)).json(), '/api');
  } finally {
    await server?.stop();
    await database.drop();
  }
}

/** A document of one operation that accepts a flow and answers with it. */
function documentOf(field: object, { required = ['name'], answer = field } = {}): ApiDocument {
  const operation = {
    parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
    requestBody: {
      required: true,
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Flow' } } },
    },
    responses: { 200: { content: { 'application/json': { schema: object({ name: answer }) } } } },
  };
  return readDocument(
    {
      paths: { '/api/flows/{id}': { patch: operation } },
      components: { schemas: { Flow: { ...object({ name: field }), required } } },
    },
    '/api',
  );
}

function object(properties: object) {
  return { type: 'object', properties };
}

function told(theirs: ApiDocument, own: ApiDocument): string[] {
  return compareDocuments(theirs, own).map(({ where, what }) => `${where}: ${what}`);
}

test('a field that is required, absent, or has another bound, default, format or type is a difference', () => {
  const theirs = documentOf({ type: 'integer', minimum: 1 }, { required: [] });
  const compare = (field: object, required: string[] = []) =>
    told(theirs, documentOf(field, { required, answer: { type: 'integer', minimum: 1 } }));

  assert.deepEqual(compare({ type: 'integer', minimum: 1 }), []);
  assert.deepEqual(compare({ type: 'integer', minimum: 1 }, ['name']), [
    'Flow.name: optional, ours required',
  ]);
  assert.deepEqual(compare({ type: 'integer', minimum: 2 }), ['Flow.name: minimum 1, ours minimum 2']);
  assert.deepEqual(compare({ type: 'integer', minimum: 1, default: 3 }), [
    'Flow.name: default not said, ours default 3',
  ]);
  assert.deepEqual(compare({ type: 'integer', minimum: 1, format: 'int32' }), [
    'Flow.name: format not said, ours format "int32"',
  ]);
  assert.deepEqual(compare({ type: 'number', minimum: 1 }), [
    'Flow.name: type "integer", ours type "number"',
  ]);
});

test('null in both notations, wrappers of a single schema and the names of schemas make no difference', () => {
  const theirs = documentOf({ allOf: [{ type: 'string', enum: ['b', 'a'] }], default: 'a' });
  const own = documentOf({
    anyOf: [{ type: 'string', enum: ['a', 'b'] }, { type: 'null' }],
    default: 'a',
  });

  assert.deepEqual(told(theirs, own), []);
  assert.deepEqual(told(documentOf({ type: 'string' }), documentOf({ type: ['string', 'null'] })), []);
});
