import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '@mintaka/contract';
import fc from 'fast-check';
import { MASK, maskSecrets, restoreSecrets, secretPaths } from '../../../src/domain/blocks/secrets.ts';

const paths = (...names: string[]) => names.map((name) => name.split('.'));

test('the secrets of a schema are the texts in its list, paths by dots', () => {
  assert.deepEqual(secretPaths({ secret_fields: ['a', 'b.c', 'd.*', 5] }), [['a'], ['b', 'c'], ['d', '*']]);
  assert.deepEqual(secretPaths({ secret_fields: 'a' }), []);
  assert.deepEqual(secretPaths({}), []);
});

test('a mask stands for each secret that has a value, however short, and nothing else changes', () => {
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

test('below a wildcard everything is secret, null and empty objects included', () => {
  const data = { a: { b: 1, c: { d: null }, e: [1, 2], f: {} }, g: 'seen' };
  assert.deepEqual(maskSecrets(data, paths('a.*')), {
    a: { b: MASK, c: { d: MASK }, e: MASK, f: MASK },
    g: 'seen',
  });
});

test('a mask that comes back is taken out, a new value stays', () => {
  const current = { a: 'one', b: { c: 'two' } };
  assert.deepEqual(restoreSecrets({ a: MASK, x: MASK }, current, paths('a', 'b.c')), { x: MASK });
  assert.deepEqual(restoreSecrets({ a: 'new' }, current, paths('a', 'b.c')), { a: 'new' });
  assert.deepEqual(restoreSecrets({ b: { c: MASK } }, current, paths('a', 'b.c')), {});
  assert.deepEqual(restoreSecrets({ b: { c: MASK, d: 1 } }, current, paths('b.c')), { b: { d: 1 } });
});

test('below a wildcard a mask becomes the value that was there, and goes where there was none', () => {
  const current = { a: { b: [1], c: { d: null } } };
  const posted = { a: { b: MASK, c: { d: MASK }, e: MASK, f: 'new' } };
  assert.deepEqual(restoreSecrets(posted, current, paths('a.*')), {
    a: { b: [1], c: { d: null }, f: 'new' },
  });
});

test('data that is read masked and written back over the old is unchanged', () => {
  const keys = fc.constantFrom('a', 'b', '__proto__', '10');
  const leaf = fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.constant({}));
  const plain = { noNullPrototype: true };
  const data = fc.dictionary(keys, fc.oneof(leaf, fc.dictionary(keys, leaf, plain)), plain);
  fc.assert(
    fc.property(
      data,
      fc.array(fc.constantFrom('a', '10', 'b.*', '__proto__')),
      (current: JsonObject, names) => {
        const secrets = secretPaths({ secret_fields: names });
        const restored = restoreSecrets(maskSecrets(current, secrets), current, secrets);
        assert.deepEqual({ ...current, ...restored }, { ...current });
      },
    ),
  );
});
