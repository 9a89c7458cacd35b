import assert from 'node:assert/strict';
import type { JsonObject, JsonValue } from '@mintaka/contract';
import type { DialectApp } from '@mintaka/testing/dialect-apps';
import fc from 'fast-check';
import { MASK } from '../../../src/domain/blocks/secrets.ts';
import { makeDocument, makeKind, makeSchema, makeType, onEachDialect, refer } from './support.ts';

const password = { type: 'string', format: 'password', writeOnly: true };
const pathOf = (id: string) => `/api/block_documents/${id}`;

/** The data of a document as readers see it, or with its secrets. */
async function dataOf(app: DialectApp, id: string, withSecrets = false): Promise<JsonObject> {
  return (await app.send('GET', `${pathOf(id)}?include_secrets=${withSecrets}`)).body.data;
}

async function change(app: DialectApp, id: string, body: object): Promise<void> {
  const { status, body: answer } = await app.send('PATCH', pathOf(id), body);
  assert.equal(status, 204, JSON.stringify(answer));
}

onEachDialect('secrets of block documents', (check) => {
  check('a former secret stays masked in a schema that does not list it', async (app) => {
    const kind = await makeKind(app, 'former', ['password', 'all.*']);
    const open = await makeSchema(app, kind.block_type_id, { title: 'open' });
    const { id } = await makeDocument(app, kind, 'one', { password: 'hush', all: { a: 'hush' }, seen: 1 });
    await change(app, id, { block_schema_id: open.id, data: { seen: 2, all: { b: 'hush' } } });
    const masked = { password: MASK, all: { b: MASK }, seen: 2 };
    assert.deepEqual(await dataOf(app, id), masked);
    await change(app, id, { data: { password: 'hush again', seen: 3 } });
    assert.deepEqual(await dataOf(app, id), { ...masked, seen: 3 }, 'once secret, the field stays secret');
    assert.deepEqual(await dataOf(app, id, true), { password: 'hush again', all: { b: 'hush' }, seen: 3 });

    for (const body of [
      { block_documents: { name: { any_: ['one'] } }, block_types: { slug: { any_: ['former'] } } },
    ]) {
      const { body: found } = await app.send('POST', '/api/block_documents/filter', body);
      assert.deepEqual(
        found.map((document: { data: unknown }) => document.data),
        [{ ...masked, seen: 3 }],
      );
    }
    const ofType = '/api/block_types/slug/former/block_documents';
    assert.doesNotMatch(JSON.stringify((await app.send('GET', ofType)).body), /hush/);
    assert.doesNotMatch(JSON.stringify((await app.send('GET', `${ofType}/name/one`)).body), /hush/);
  });

  check('a field that was removed and added again is secret only if its schema says so', async (app) => {
    const kind = await makeKind(app, 'renewed', ['password']);
    const open = await makeSchema(app, kind.block_type_id, { title: 'open again' });
    const { id } = await makeDocument(app, kind, 'one', { password: 'hush' });
    await change(app, id, { block_schema_id: open.id, data: { a: 1 } });
    await change(app, id, { data: { a: 1 }, merge_existing_data: false });
    await change(app, id, { data: { password: 'public' } });
    assert.deepEqual(await dataOf(app, id), { a: 1, password: 'public' });
  });

  check('a mask stands for its secret in both modes, even if the schema changes too', async (app) => {
    const kind = await makeKind(app, 'sent-back', ['password', 'inner.token', 'list.key', 'all.*']);
    const other = await makeSchema(app, kind.block_type_id, { title: 'other', secret_fields: ['else'] });
    const stored = {
      password: 'hush',
      inner: { token: 'hush', size: 1 },
      list: [
        { key: 'hush 1', host: 'a' },
        { key: 'hush 2', host: 'b' },
      ],
      all: { a: ['hush'], b: null },
    };
    const { id } = await makeDocument(app, kind, 'one', stored);
    for (const merge_existing_data of [true, false]) {
      for (const block_schema_id of [kind.block_schema_id, other.id, kind.block_schema_id]) {
        const shown = await dataOf(app, id);
        assert.doesNotMatch(JSON.stringify(shown), /hush/);
        await change(app, id, { data: shown, merge_existing_data, block_schema_id });
        assert.deepEqual(await dataOf(app, id, true), stored);
      }
    }
    await change(app, id, { data: { inner: { token: MASK, size: 2 } } });
    assert.deepEqual(await dataOf(app, id, true), { ...stored, inner: { token: 'hush', size: 2 } });
  });

  check('an ambiguous mask in a changed list is 422, and nothing changes', async (app) => {
    const kind = await makeKind(app, 'listed', ['list.key']);
    const stored = { list: [{ key: 'hush 1' }, { key: 'hush 2' }] };
    const { id } = await makeDocument(app, kind, 'one', stored);
    const answer = await app.send('PATCH', pathOf(id), { data: { list: [{ key: MASK }] } });
    assert.equal(answer.status, 422);
    assert.match(answer.body.detail, /in the list "list" could stand for several secrets/);
    assert.deepEqual(await dataOf(app, id, true), stored);
  });

  check('a nested document that is sent back masked stays a reference', async (app) => {
    const kind = await makeKind(app, 'within', ['password']);
    const leaf = await makeDocument(app, kind, 'leaf', { password: 'hush', size: 1 });
    const twig = await makeDocument(app, kind, 'twig', { leaf: refer(leaf.id), a: 1 });
    const tree = await makeDocument(app, kind, 'tree', { twig: refer(twig.id), b: 1 });
    for (const merge_existing_data of [true, false]) {
      await change(app, tree.id, { data: { ...(await dataOf(app, tree.id)), b: 2 }, merge_existing_data });
    }
    await change(app, leaf.id, { data: { password: 'hush anew' } });
    const leafage = { password: 'hush anew', size: 1 };
    assert.deepEqual(await dataOf(app, tree.id, true), { twig: { leaf: leafage, a: 1 }, b: 2 });

    await change(app, tree.id, { data: { twig: { leaf: { password: MASK, size: 5 }, a: 1 } } });
    const own = { twig: { leaf: { password: 'hush anew', size: 5 }, a: 1 }, b: 2 };
    assert.deepEqual(
      await dataOf(app, tree.id, true),
      own,
      'changed, it is data of its own, with its secret',
    );
    assert.deepEqual(await dataOf(app, tree.id), { twig: { leaf: { password: MASK, size: 5 }, a: 1 }, b: 2 });
    assert.deepEqual(await dataOf(app, leaf.id, true), leafage);
  });

  check('data of a formerly nested document stays masked in the outer document', async (app) => {
    const kind = await makeKind(app, 'copied', ['password']);
    const leaf = await makeDocument(app, kind, 'leaf', { password: 'hush' });
    const tree = await makeDocument(app, kind, 'tree', { leaf: refer(leaf.id) });
    await change(app, tree.id, { data: await dataOf(app, tree.id, true) });
    assert.deepEqual(await dataOf(app, tree.id), { leaf: { password: MASK } });
  });

  check('a field of a nested document that the outer schema lists as secret is masked there', async (app) => {
    const open = await makeKind(app, 'open-inside');
    const kind = await makeKind(app, 'strict-outside', ['leaf.password']);
    const leaf = await makeDocument(app, open, 'leaf', { password: 'hush', a: 1 });
    const tree = await makeDocument(app, kind, 'tree', { leaf: refer(leaf.id) });
    assert.deepEqual(tree.data, { leaf: { password: MASK, a: 1 } });
  });

  check('secrets that Prefect omits from the list are masked by the JSON schema', async (app) => {
    const type = await makeType(app, 'unlisted');
    const fields = {
      title: 'unlisted',
      properties: {
        alias: password,
        inners: { type: 'array', items: { $ref: '#/definitions/Inner' } },
        mapped: { type: 'object', additionalProperties: { type: 'array', items: password } },
      },
      definitions: { Inner: { title: 'Inner', properties: { token: password } } },
      secret_fields: ['inners.token', 'mapped'],
    };
    const { id: schema } = await makeSchema(app, type, fields);
    const data = { alias: 'hush', inners: [{ token: 'hush', a: 1 }], mapped: { x: ['hush'] } };
    const made = await makeDocument(app, { block_type_id: type, block_schema_id: schema }, 'one', data);
    assert.deepEqual(made.data, { alias: MASK, inners: [{ token: MASK, a: 1 }], mapped: { x: MASK } });
  });

  check(
    'no sequence of changes shows a secret, and sending data back unchanged changes nothing',
    async (app) => {
      const type = await makeType(app, 'random');
      const secretLists = [
        ['password', 'inner.token', 'all.*', 'list.key'],
        [],
        ['all.*'],
        ['other', 'inner'],
        ['list', 'child.password'],
      ];
      const schemas: { id: string; secrets: readonly string[] }[] = [];
      for (const [number, secrets] of secretLists.entries()) {
        const { id } = await makeSchema(app, type, { title: `random ${number}`, secret_fields: secrets });
        schemas.push({ id, secrets });
      }
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 10 }), async (steps) => {
          const play = startPlay(app, type, schemas);
          for (const one of steps) {
            await play.step(one);
            await play.checkNothingIsShown();
          }
        }),
        { numRuns: Number(process.env.MINTAKA_TEST_SECRET_RUNS ?? 30) },
      );
    },
  );
});

type Step =
  | { kind: 'create'; schema: number; fields: string[] }
  | { kind: 'change'; document: number; schema: number | null; merge: boolean; fields: string[] }
  | { kind: 'send back'; document: number; schema: number | null; merge: boolean; reversed: boolean }
  | { kind: 'link'; document: number; child: number };

const fields = fc.subarray(['password', 'inner', 'all', 'list', 'other', 'child'], { minLength: 1 });
const some = fc.nat(20);
const maybe = fc.option(fc.nat(20), { freq: 2 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('create' as const), schema: some, fields }),
  fc.record({
    kind: fc.constant('change' as const),
    document: some,
    schema: maybe,
    merge: fc.boolean(),
    fields,
  }),
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('send back' as const),
      document: some,
      schema: maybe,
      merge: fc.boolean(),
      reversed: fc.boolean(),
    }),
  },
  fc.record({ kind: fc.constant('link' as const), document: some, child: some }),
);

type Schemas = readonly { id: string; secrets: readonly string[] }[];

/** Creates documents and changes them step by step, and records the values that were sent as secrets. */
function startPlay(app: DialectApp, type: string, schemas: Schemas) {
  const documents: { id: string; schema: number }[] = [];
  const secrets = new Set<string>();
  let values = 0;

  const documentAt = (number: number) => {
    const document = documents[number % documents.length];
    assert.ok(document !== undefined);
    return document;
  };
  const stored = () => Promise.all(documents.map(({ id }) => dataOf(app, id, true)));

  /** New data with unique values. Records those that are secret in the schema. */
  const newData = (names: readonly string[], schema: number): JsonObject => {
    const secretPaths = schemas[schema]?.secrets ?? [];
    const value = (...paths: string[]) => {
      const text = `value-${values++}`;
      if (paths.some((path) => secretPaths.includes(path))) secrets.add(text);
      return text;
    };
    const item = () => ({ key: value('list', 'list.key'), host: value('list') });
    const all: JsonObject = {
      password: value('password'),
      inner: { token: value('inner', 'inner.token'), size: value('inner') },
      all: { a: value('all.*'), b: [value('all.*')], c: { d: value('all.*') } },
      list: [item(), item(), item()],
      other: value('other'),
      child: { password: value('child.password'), other: value() },
    };
    return Object.fromEntries(names.map((name) => [name, all[name] ?? null]));
  };

  const create = async (number: number, names: readonly string[]): Promise<void> => {
    const schema = number % schemas.length;
    const kind = { block_type_id: type, block_schema_id: schemas[schema]?.id };
    const { id } = await makeDocument(app, kind, app.context.random.id(), newData(names, schema));
    documents.push({ id, schema });
  };

  /** Sends data for a document, with another schema if one is wanted. */
  const send = async (
    document: { id: string; schema: number },
    { schema: wanted, merge }: { schema: number | null; merge: boolean },
    dataFor: (schema: number) => JsonObject,
  ): Promise<void> => {
    const schema = wanted === null ? document.schema : wanted % schemas.length;
    const moved = wanted === null ? {} : { block_schema_id: schemas[schema]?.id };
    await change(app, document.id, { data: dataFor(schema), merge_existing_data: merge, ...moved });
    document.schema = schema;
  };

  const sendBack = async (step: Extract<Step, { kind: 'send back' }>): Promise<void> => {
    const document = documentAt(step.document);
    const place = documents.indexOf(document);
    const before = await stored();
    const shown = await dataOf(app, document.id);
    await send(document, step, () => (step.reversed ? withListReversed(shown) : shown));
    const after = await stored();
    if (!step.reversed) return assert.deepEqual(after, before);
    const [old = {}, now] = [before[place], after[place]];
    assert.deepEqual(now, Array.isArray(shown.list) ? withListReversed(old) : old);
  };

  /** Only to a later document, so that none is nested in itself. */
  const link = async ({ document, child: to }: Extract<Step, { kind: 'link' }>): Promise<void> => {
    const parent = documentAt(document);
    const later = documents.slice(documents.indexOf(parent) + 1);
    const child = later[to % Math.max(later.length, 1)];
    if (child !== undefined) await change(app, parent.id, { data: { child: refer(child.id) } });
  };

  return {
    step: (step: Step): Promise<void> => {
      if (step.kind === 'create') return create(step.schema, step.fields);
      if (documents.length === 0) return create(0, ['password', 'inner']);
      switch (step.kind) {
        case 'change':
          return send(documentAt(step.document), step, (schema) => newData(step.fields, schema));
        case 'send back':
          return sendBack(step);
        case 'link':
          return link(step);
      }
    },
    checkNothingIsShown: async (): Promise<void> => {
      for (const { id } of documents) {
        const text = JSON.stringify((await app.send('GET', pathOf(id))).body.data);
        for (const secret of secrets) assert.ok(!text.includes(`"${secret}"`), `${secret} in ${text}`);
      }
    },
  };
}

function withListReversed(data: JsonObject): JsonObject {
  const list: JsonValue | undefined = data.list;
  return Array.isArray(list) ? { ...data, list: list.toReversed() } : data;
}
