import type { JsonObject, JsonValue } from '@mintaka/contract';
import { objectOrNull } from '../../database/codecs/values.ts';

/** What stands in place of a secret. */
export const MASK = '********';

const wildcard = '*';

/**
 * The paths of the secrets in a block's data, from the `secret_fields` of its schema: `a.b` is a field within a field,
 * and with `a.*` everything below `a` is secret.
 */
export function secretPaths(fields: JsonObject): string[][] {
  const { secret_fields: names } = fields;
  if (!Array.isArray(names)) return [];
  return names.filter((name) => typeof name === 'string').map((name) => name.split('.'));
}

/** Data with a mask in place of every secret. Fields without a value stay as they are, unless all below them is secret. */
export function maskSecrets(data: JsonObject, paths: readonly string[][]): JsonObject {
  return paths.reduce(maskPath, data);
}

function maskPath(data: JsonObject, path: readonly string[]): JsonObject {
  if (isPresent(leafAt(data, path))) return changeAt(data, path, () => MASK);
  const below = beforeWildcard(path);
  return below === undefined ? data : changeAt(data, below, (value) => mapLeaves(value, () => MASK));
}

/**
 * Data that a client posts, with the masks that it got for secrets taken back: at the path of a secret a mask is left
 * out, and below a wildcard it becomes the value that the block has there. Other values are new secrets.
 */
export function restoreSecrets(
  posted: JsonObject,
  current: JsonObject,
  paths: readonly string[][],
): JsonObject {
  return paths.reduce((data, path) => restorePath(data, current, path), posted);
}

function restorePath(posted: JsonObject, current: JsonObject, path: readonly string[]): JsonObject {
  if (isPresent(leafAt(current, path))) {
    return leafAt(posted, path) === MASK ? changeAt(posted, path, () => undefined) : posted;
  }
  const below = beforeWildcard(path);
  if (below === undefined) return posted;
  return changeAt(posted, below, (value) =>
    mapLeaves(value, (leaf, inner) => (leaf === MASK ? valueAt(current, [...below, ...inner]) : leaf)),
  );
}

function beforeWildcard(path: readonly string[]): readonly string[] | undefined {
  const place = path.indexOf(wildcard);
  return place === -1 ? undefined : path.slice(0, place);
}

/** An object that has fields; an empty one is a value like any other. */
function branch(value: JsonValue | undefined): JsonObject | null {
  const object = objectOrNull(value);
  return object === null || Object.keys(object).length === 0 ? null : object;
}

function valueAt(data: JsonObject, path: readonly string[]): JsonValue | undefined {
  let value: JsonValue | undefined = data;
  for (const key of path) {
    const object: JsonObject | null = branch(value);
    value = object !== null && Object.hasOwn(object, key) ? object[key] : undefined;
  }
  return value;
}

function leafAt(data: JsonObject, path: readonly string[]): JsonValue | undefined {
  const value = valueAt(data, path);
  return branch(value) === null ? value : undefined;
}

function isPresent(value: JsonValue | undefined): boolean {
  return value !== undefined && value !== null;
}

type Change = (value: JsonValue) => JsonValue | undefined;

/** A copy with another value at a path; undefined takes the field away, and the objects that are empty then. */
function changeAt(data: JsonObject, path: readonly string[], change: Change): JsonObject {
  return objectOrNull(changeWithin(data, path, change)) ?? {};
}

function changeWithin(value: JsonValue, path: readonly string[], change: Change): JsonValue | undefined {
  const [key, ...rest] = path;
  if (key === undefined) return change(value);
  const object = branch(value);
  if (object === null || !Object.hasOwn(object, key)) return value;
  return withField(object, key, changeWithin(object[key] ?? null, rest, change));
}

function withField(object: JsonObject, key: string, value: JsonValue | undefined): JsonObject | undefined {
  if (value !== undefined) return { ...object, [key]: value };
  const { [key]: _, ...others } = object;
  return branch(others) ?? undefined;
}

/** A copy with every value that is no object with fields replaced; `path` is where the value is. */
function mapLeaves(
  value: JsonValue,
  change: (leaf: JsonValue, path: readonly string[]) => JsonValue | undefined,
  path: readonly string[] = [],
): JsonValue | undefined {
  const object = branch(value);
  if (object === null) return change(value, path);
  const fields: [string, JsonValue][] = [];
  for (const [key, item] of Object.entries(object)) {
    const mapped = mapLeaves(item, change, [...path, key]);
    if (mapped !== undefined) fields.push([key, mapped]);
  }
  return fields.length === 0 ? undefined : Object.fromEntries(fields);
}
