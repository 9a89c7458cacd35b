import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type JsonObject, type JsonValue, parseJson } from '@mintaka/contract';
import { objectOrNull } from '../../../src/database/codecs/values.ts';
import { catalog } from '../../../src/domain/blocks/catalog/index.ts';
import { catalogSchema } from '../../../src/domain/blocks/catalog-schemas.ts';
import { schemaChecksum } from '../../../src/domain/blocks/checksum.ts';

function objects(value: JsonValue): JsonObject[] {
  return Array.isArray(value) ? value.map((item) => objectOrNull(item) ?? {}) : [];
}

/** Fields of schemas with their checksums in Prefect 2.8.0. */
const cases = objects(parseJson(readFileSync(new URL('./checksum-cases.json', import.meta.url), 'utf8')));

test("checksums are the same as a Prefect client's", () => {
  assert.ok(cases.length > 5);
  for (const { fields, checksum } of cases) {
    assert.equal(schemaChecksum(objectOrNull(fields) ?? {}), checksum, JSON.stringify(fields));
  }
});

test('the order of keys and the lists of secrets do not change a checksum, a default does', () => {
  const checksum = schemaChecksum({ a: 1, b: { c: 2, d: 3 } });
  assert.equal(
    schemaChecksum({ b: { d: 3, c: 2, secret_fields: ['x'] }, a: 1, secret_fields: [] }),
    checksum,
  );
  assert.notEqual(schemaChecksum({ a: 2, b: { c: 2, d: 3 } }), checksum);
});

test('definitions that refer to each other do not loop', () => {
  const loop = { $ref: '#/definitions/Loop' };
  assert.match(
    schemaChecksum({ properties: { x: loop }, definitions: { Loop: { next: loop } } }),
    /^sha256:/,
  );
});

test('every schema of the catalog has a unique checksum, and its secrets are fields', () => {
  const checksums = new Set(catalog.map((block) => catalogSchema(block).checksum));
  assert.equal(checksums.size, catalog.length);
  for (const block of catalog) {
    for (const path of block.secretFields) {
      const [field = ''] = path.split('.');
      assert.ok(Object.hasOwn(block.properties, field), `${block.slug}: ${path}`);
    }
    for (const field of block.required ?? []) assert.ok(Object.hasOwn(block.properties, field), block.slug);
  }
});
