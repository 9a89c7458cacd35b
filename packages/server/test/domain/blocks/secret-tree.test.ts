import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MOST_SECRET_PATHS } from '@mintaka/contract';
import { isLinear } from '@mintaka/testing/linear';
import { secretPaths } from '../../../src/domain/blocks/secret-paths.ts';
import { maskSecrets, withoutStrayMasks } from '../../../src/domain/blocks/secrets.ts';

/** As many paths as a schema may have. */
const paths = Array.from({ length: 1000 }, (_, index) => [`secret ${index}`]);
const wildcards = paths.map((path) => [...path, '*']);

function data(size: number) {
  return Object.fromEntries(Array.from({ length: size }, (_, index) => [`field ${index}`, { a: 'x' }]));
}

test('data is masked in linear time, however many secrets there are', () => {
  assert.ok(isLinear((size) => maskSecrets(data(size), paths), 4000));
  assert.ok(isLinear((size) => withoutStrayMasks(data(size), data(size), wildcards), 4000));
  const ten = Array.from({ length: 10 }, (_, index) => [`secret ${index}`]);
  const time = (some: string[][]) => {
    const before = process.cpuUsage();
    maskSecrets(data(50_000), some);
    return process.cpuUsage(before).user;
  };
  const few = Math.min(...[1, 2, 3].map(() => time(ten)));
  assert.ok(Math.min(...[1, 2, 3].map(() => time(paths))) < 10 * few + 50_000);
});

test('a schema is searched for secrets in linear time', () => {
  const sharing = (size: number) => {
    const count = size / 8;
    const definitions = Object.fromEntries(
      Array.from({ length: count }, (_, index) => [
        `D${index}`,
        {
          properties: {
            a: { $ref: `#/definitions/D${(index + 1) % count}` },
            b: { $ref: '#/definitions/D0' },
          },
        },
      ]),
    );
    return secretPaths({ properties: { a: { $ref: '#/definitions/D0' } }, definitions });
  };
  assert.ok(isLinear(sharing, 4096));
  const password = { type: 'string', format: 'password' };
  const doubling = (levels: number) =>
    Object.fromEntries(
      Array.from({ length: levels }, (_, level) => [
        `D${level}`,
        {
          properties: {
            a: { $ref: `#/definitions/D${level + 1}` },
            b: { $ref: `#/definitions/D${level + 1}` },
            p: password,
          },
        },
      ]),
    );
  const found = secretPaths({ properties: { a: { $ref: '#/definitions/D0' } }, definitions: doubling(60) });
  assert.deepEqual(found, [[]]);
});

test('a schema may have up to the maximum number of secret paths; with more, everything is secret', () => {
  const named = (count: number) =>
    secretPaths({ secret_fields: Array.from({ length: count }, (_, index) => `f${index}`) });
  assert.equal(named(MOST_SECRET_PATHS).length, MOST_SECRET_PATHS);
  assert.deepEqual(named(MOST_SECRET_PATHS + 1), [[]]);
});
