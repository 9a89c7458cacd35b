import { createHash } from 'node:crypto';
import { type JsonObject, type JsonValue, storedJson } from '@mintaka/contract';
import { objectOrNull } from '../../database/codecs/values.ts';

const definitionsPrefix = '#/definitions/';

/**
 * The checksum with which clients find a block schema: of the fields with sorted keys, without the lists of secrets, and with
 * only those definitions that are not blocks (a block has its own schema).
 */
export function schemaChecksum(fields: JsonObject): string {
  const plain = withoutSecrets(fields);
  const definitions = definitionsOf(plain);
  const kept = definitions === undefined ? plain : withPlainDefinitions(plain, definitions);
  // The shape is that of a Python call: the positional arguments, then the named ones.
  const text = `[[${sortedText(kept)}], {}]`;
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

/** Fields with only those definitions that are not blocks; without the key if none is left. */
export function withPlainDefinitions(fields: JsonObject, definitions: JsonObject): JsonObject {
  const { definitions: _, ...others } = fields;
  const plain = plainDefinitions(fields, definitions);
  return isEmpty(plain) ? others : { ...others, definitions: plain };
}

/** The definitions in the fields of a schema; undefined without any. */
export function definitionsOf(fields: JsonObject): JsonObject | undefined {
  const definitions = objectOrNull(fields.definitions);
  return definitions === null || isEmpty(definitions) ? undefined : definitions;
}

// The definitions that are not blocks and that the fields, or other such definitions, refer to.
function plainDefinitions(fields: JsonObject, definitions: JsonObject): JsonObject {
  const found = new Map<string, JsonValue>();
  const collect = (value: JsonValue): void => {
    for (const key of referredDefinitions(value)) {
      const definition = Object.hasOwn(definitions, key) ? objectOrNull(definitions[key]) : null;
      if (definition === null || isEmpty(definition) || found.has(key)) continue;
      if (definition.block_type_slug !== undefined && definition.block_type_slug !== null) continue;
      found.set(key, definition);
      collect(definition);
    }
  };
  collect(fields);
  return Object.fromEntries(found);
}

/** The names of all definitions that a value refers to, at any depth. */
export function referredDefinitions(value: JsonValue): string[] {
  if (Array.isArray(value)) return value.flatMap(referredDefinitions);
  const object = objectOrNull(value);
  if (object === null) return [];
  const own = typeof object.$ref === 'string' && object.$ref !== '' ? [object.$ref] : [];
  return [
    ...own.map((reference) => reference.replaceAll(definitionsPrefix, '')),
    ...Object.values(object).flatMap(referredDefinitions),
  ];
}

function isEmpty(object: JsonObject): boolean {
  return Object.keys(object).length === 0;
}

function withoutSecrets(fields: JsonObject): JsonObject {
  const kept = Object.entries(fields).filter(([key]) => key !== 'secret_fields');
  return Object.fromEntries(
    kept.map(([key, value]) => {
      const object = objectOrNull(value);
      return [key, object === null ? value : withoutSecrets(object)];
    }),
  );
}

/** Our own implementation, because a JavaScript object cannot keep keys like `10` and `9` in text order. */
function sortedText(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(sortedText).join(', ')}]`;
  const object = objectOrNull(value);
  if (object === null) return storedJson(value);
  const entries = Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${storedJson(key)}: ${sortedText(item)}`).join(', ')}}`;
}
