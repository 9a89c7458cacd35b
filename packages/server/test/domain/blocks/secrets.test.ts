import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject, JsonValue } from '@mintaka/contract';
import { isLinear } from '@mintaka/testing/linear';
import fc from 'fast-check';
import { catalog } from '../../../src/domain/blocks/catalog/index.ts';
import { catalogSchema } from '../../../src/domain/blocks/catalog-schemas.ts';
import { type SecretPath, secretPaths } from '../../../src/domain/blocks/secret-paths.ts';
import {
  AmbiguousMaskError,
  MASK,
  maskSecrets,
  restoreSecrets,
  withoutStrayMasks,
} from '../../../src/domain/blocks/secrets.ts';

const paths = (...names: string[]) => secretPaths({ secret_fields: names });
const password = { type: 'string', format: 'password', writeOnly: true };

test('the secrets of a schema are the paths in its list, separated by dots', () => {
  assert.deepEqual(secretPaths({ secret_fields: ['a', 'b.c', 'd.*', 'e.*.f', 'a', 5] }), [
    ['a'],
    ['b', 'c'],
    ['d', '*'],
    ['e', '*'],
  ]);
  assert.deepEqual(secretPaths({ secret_fields: 'a' }), []);
  assert.deepEqual(secretPaths({}), []);
});

test('a password in the JSON schema is secret, even if the client omits it from the list', () => {
  const fields: JsonObject = {
    properties: {
      alias: password,
      listed: { type: 'array', items: password },
      mapped: { type: 'object', additionalProperties: { type: 'array', items: password } },
      either: { anyOf: [{ type: 'integer' }, { $ref: '#/definitions/Inner' }] },
      inners: { type: 'object', additionalProperties: { $ref: '#/definitions/Inner' } },
      open: { type: 'string', title: 'password' },
      password: { $ref: '#/definitions/Open' },
    },
    definitions: {
      Inner: { properties: { token: password, size: { type: 'integer' } } },
      Open: { properties: { format: { const: 'password' } } },
    },
  };
  assert.deepEqual(secretPaths(fields), [
    ['alias'],
    ['listed'],
    ['mapped', null],
    ['either', 'token'],
    ['inners', null, 'token'],
  ]);
});

test('a definition that contains itself has secrets at every depth, or none at all', () => {
  const tree = (leaf: JsonObject): JsonObject => ({
    properties: { root: { $ref: '#/definitions/Tree' } },
    definitions: {
      Tree: { properties: { leaf, left: { $ref: '#/definitions/Twig' } } },
      Twig: { allOf: [{ $ref: '#/definitions/Tree' }] },
    },
  });
  const data = { root: { leaf: 'a', left: { leaf: 'b', left: { leaf: 'c' } } } };
  assert.doesNotMatch(JSON.stringify(maskSecrets(data, secretPaths(tree(password)))), /"[abc]"/);
  assert.deepEqual(secretPaths(tree({ type: 'string' })), []);
});

test('schemas that refer to each other endlessly are read quickly, and stay secret', () => {
  const definitions = (end: JsonObject): JsonObject =>
    Object.fromEntries(
      Array.from({ length: 30 }, (_, level) => {
        const next = level === 29 ? end : { $ref: `#/definitions/D${level + 1}` };
        return [`D${level}`, { properties: { a: next, b: next } }];
      }),
    );
  const fields = (end: JsonObject) => ({
    properties: { root: { $ref: '#/definitions/D0' } },
    definitions: definitions(end),
  });
  assert.deepEqual(secretPaths(fields({ type: 'string' })), []);
  assert.deepEqual(secretPaths(fields(password)), [[]], 'too many places to list: all is secret');
  assert.deepEqual(maskSecrets({ root: { a: 'x' }, b: 1 }, [[]]), { root: { a: MASK }, b: MASK });
});

test('the blocks of the catalog have only the secrets that they list', () => {
  for (const block of catalog) {
    const { secret_fields, ...fields } = catalogSchema(block).fields;
    const listed = new Set(secretPaths({ secret_fields: secret_fields ?? [] }).map(String));
    for (const path of secretPaths(fields)) assert.ok(listed.has(String(path)), `${block.slug}: ${path}`);
  }
});

test('each secret with a value is masked, however short, and nothing else changes', () => {
  const data = { a: 'long enough', b: '', c: null, d: { e: 'x', f: 1 }, g: 5, 'd.e': 'no path' };
  assert.deepEqual(maskSecrets(data, paths('a', 'b', 'c', 'd.e', 'g', 'absent.x')), {
    a: MASK,
    b: MASK,
    c: null,
    d: { e: MASK, f: 1 },
    g: MASK,
    'd.e': 'no path',
  });
});

test('below a wildcard everything is secret, including null and empty objects', () => {
  const data = { a: { b: 1, c: { d: null }, e: [1, 2], f: {} }, g: 'seen' };
  assert.deepEqual(maskSecrets(data, paths('a.*')), {
    a: { b: MASK, c: { d: MASK }, e: MASK, f: MASK },
    g: 'seen',
  });
});

test('a secret of any type is masked, and in each item of a list', () => {
  const data = { a: { b: 'hush', c: null }, d: ['hush'], e: [{ f: 'hush', g: 1 }, 'seen', { f: null }] };
  assert.deepEqual(maskSecrets(data, paths('a', 'd', 'e.f')), {
    a: { b: MASK, c: null },
    d: MASK,
    e: [{ f: MASK, g: 1 }, 'seen', { f: null }],
  });
  const mapped: SecretPath[] = [['a', null, 'b']];
  assert.deepEqual(maskSecrets({ a: { x: { b: 1 }, y: { b: 2, c: 3 }, z: 4 } }, mapped), {
    a: { x: { b: MASK }, y: { b: MASK, c: 3 }, z: 4 },
  });
});

/** The result when a client sends data for which it was shown the masks. */
function sentBack(sent: JsonObject, stored: JsonObject, secrets: readonly SecretPath[]): JsonObject {
  return restoreSecrets(sent, maskSecrets(stored, secrets), stored);
}

test('a mask that is sent back becomes the secret, at any depth, and a new value is kept', () => {
  const stored = { a: 'one', b: { c: 'two', d: 1 }, e: { f: [1, null] } };
  const secrets = paths('a', 'b.c', 'e.*');
  assert.deepEqual(sentBack({ a: MASK }, stored, secrets), { a: 'one' });
  assert.deepEqual(sentBack({ a: 'new' }, stored, secrets), { a: 'new' });
  assert.deepEqual(sentBack({ b: { c: MASK, d: 2, x: MASK } }, stored, secrets), {
    b: { c: 'two', d: 2, x: MASK },
  });
  assert.deepEqual(sentBack({ e: { f: MASK } }, stored, secrets), { e: { f: [1, null] } });
  assert.deepEqual(sentBack({ x: MASK, b: MASK }, stored, secrets), { x: MASK, b: MASK }, 'shown nowhere');
});

test('a mask below a wildcard is removed if its secret no longer exists', () => {
  const shown = { a: { b: MASK }, c: { d: 'seen' } };
  const sent = { a: { b: MASK, x: MASK, y: { z: MASK }, n: 'new' }, c: { d: MASK } };
  assert.deepEqual(withoutStrayMasks(sent, shown, paths('a.*', 'c.d')), {
    a: { b: MASK, y: {}, n: 'new' },
    c: { d: MASK },
  });
});

test('the items of a list keep their secrets when they are moved, changed, added or removed', () => {
  const stored = {
    a: [
      { host: 'x', key: 'kx' },
      { host: 'y', key: 'ky' },
      { host: 'z', key: 'kz' },
    ],
  };
  const secrets = paths('a.key');
  const [x, y, z] = ['x', 'y', 'z'].map((host) => ({ host, key: MASK }));
  const keysOf = (...items: JsonValue[]) => sentBack({ a: items }, stored, secrets).a;
  const whole = (host: string, key = `k${host}`) => ({ host, key });
  assert.deepEqual(keysOf(z ?? 0, x ?? 0, y ?? 0), [whole('z'), whole('x'), whole('y')], 'moved');
  assert.deepEqual(keysOf(y ?? 0, z ?? 0), [whole('y'), whole('z')], 'taken away');
  assert.deepEqual(
    keysOf(whole('n', 'new'), x ?? 0, y ?? 0, z ?? 0),
    [whole('n', 'new'), whole('x'), whole('y'), whole('z')],
    'added',
  );
  assert.deepEqual(keysOf(x ?? 0, { host: 'changed', key: MASK }, z ?? 0), [
    whole('x'),
    whole('changed', 'ky'),
    whole('z'),
  ]);
  assert.deepEqual(keysOf('plain', { host: 'y', key: MASK }), ['plain', whole('y')]);
});

test('an ambiguous mask in a list is refused, and no secret moves to another item', () => {
  const secrets = paths('a.key');
  const twins = { a: [{ key: 'one' }, { key: 'two' }] };
  assert.deepEqual(sentBack({ a: [{ key: MASK }, { key: MASK }] }, twins, secrets), twins);
  assert.throws(() => sentBack({ a: [{ key: MASK }] }, twins, secrets), AmbiguousMaskError);
  assert.throws(
    () => sentBack({ a: [{ key: MASK }, { key: MASK }, { key: MASK }] }, twins, secrets),
    AmbiguousMaskError,
  );
  const three = { a: ['x', 'y', 'z'].map((host) => ({ host, key: host })) };
  const changedAndGone = {
    a: [
      { host: 'new', key: MASK },
      { host: 'z', key: MASK },
    ],
  };
  assert.throws(() => sentBack(changedAndGone, three, secrets), /list "a" could stand for several secrets/);
});

const keys = fc.constantFrom('a', 'b', '__proto__', '10');
const plain = { noNullPrototype: true };
const { value: anyValue } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.string(),
    fc.integer(),
    fc.constant(null),
    fc.constant({}),
    fc.dictionary(keys, tie('value'), plain),
    fc.array(tie('value'), { maxLength: 4 }),
  ),
}));
const anyData = fc.dictionary(keys, anyValue, plain);
const anyPaths = fc.array(
  fc.oneof(
    fc.constantFrom<SecretPath>(
      ['a'],
      ['10'],
      ['b', '*'],
      ['__proto__'],
      ['a', 'b'],
      ['a', null, 'b'],
      ['b', 'a', '*'],
      [],
    ),
    fc.array(fc.oneof(keys, fc.constant(null)), { maxLength: 3 }),
  ),
  { maxLength: 3 },
);

test('masked data that is sent back is unchanged', () => {
  fc.assert(
    fc.property(anyData, anyPaths, (stored, secrets) => {
      assert.deepEqual(sentBack(maskSecrets(stored, secrets), stored, secrets), stored);
    }),
    { numRuns: 1000 },
  );
});

test('masked data contains no secret', () => {
  const marked = (value: JsonValue): JsonValue => {
    if (Array.isArray(value)) return value.map(marked);
    if (typeof value !== 'object' || value === null) return `hush ${value}`;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, marked(item)]));
  };
  fc.assert(
    fc.property(anyData, fc.array(keys, { minLength: 1, maxLength: 3 }), (data, path) => {
      let holder: JsonValue = 'hush';
      for (const key of path.toReversed()) holder = Object.fromEntries([[key, [holder, marked(data)]]]);
      assert.ok(holder !== null && typeof holder === 'object' && !Array.isArray(holder));
      const outside = { ...holder };
      assert.doesNotMatch(
        JSON.stringify(maskSecrets(outside, [path])).replace(/"hush[^"]*":/g, ''),
        /"hush"/,
      );
    }),
  );
});

/** A value with this many levels, alternating objects and lists. */
function deep(levels: number, leaf: JsonValue): JsonValue {
  let value = leaf;
  for (let level = 0; level < levels; level++) value = level % 2 === 0 ? { a: value } : [value];
  return value;
}

test('data as deep as a request may be is masked and restored, and nested documents may be deeper', () => {
  const levels = 2000;
  for (const secrets of [paths('a'), paths('b.a.a.*'), paths('b.a.a.a.a.a.a'), [[]], paths('x')]) {
    const stored = { a: deep(levels, 'hush'), b: deep(levels, 'hush'), c: { d: deep(levels, 'seen') } };
    assert.deepEqual(
      JSON.stringify(sentBack(maskSecrets(stored, secrets), stored, secrets)),
      JSON.stringify(stored),
    );
  }
  const objects = (count: number): JsonObject => {
    let value: JsonObject = { a: 'hush' };
    for (let level = 0; level < count; level++) value = { a: value };
    return value;
  };
  const masked = maskSecrets({ a: objects(100_000) }, paths('a'));
  let inner: JsonValue = masked;
  while (typeof inner === 'object' && inner !== null && !Array.isArray(inner) && 'a' in inner)
    inner = inner.a ?? null;
  assert.equal(inner, MASK);
});

test('a schema of any size is read quickly', () => {
  const many = (count: number, schema: JsonObject) =>
    Object.fromEntries(Array.from({ length: count }, (_, place) => [`p${place}`, schema]));
  const big = { properties: { ...many(3000, { type: 'string' }), secret: password } };
  const fields = { properties: many(900, { $ref: '#/definitions/Big' }), definitions: { Big: big } };
  assert.deepEqual(secretPaths(fields), [[]], 'too many places to look at: all is secret');
  let within: JsonObject = password;
  for (let level = 0; level < 900; level++) within = { properties: { a: within } };
  assert.deepEqual(secretPaths(within), [Array.from({ length: 100 }, () => 'a')]);
});

test('a long list of masked items is restored in linear time', () => {
  const list = (size: number, key: string, same: boolean) => ({
    a: Array.from({ length: size }, (_, place) => ({ host: same ? 0 : place, key: `${key}${place}` })),
  });
  for (const same of [true, false]) {
    const work = (size: number) => {
      const stored = list(size, 'k', same);
      const shown = maskSecrets(stored, paths('a.key'));
      restoreSecrets({ a: [shown.a ?? null].flat().toReversed() }, shown, stored);
    };
    assert.ok(isLinear(work, 5000), `items ${same ? 'alike' : 'of many kinds'}`);
  }
});
