import { type JsonObject, type JsonValue, memberOf } from '@mintaka/contract';
import { objectOrNull } from '../../database/codecs/values.ts';
import { ALL_BELOW, type SecretPath } from './secret-paths.ts';
import { below, type SecretTree, secretTree } from './secret-tree.ts';

/** Replaces a secret. @internal for tests */
export const MASK = '********';

/** A mask that could stand for several secrets. */
export class AmbiguousMaskError extends Error {
  constructor(field: string) {
    super(
      `A mask ("${MASK}") in the list "${field}" could stand for several secrets, since the list has changed; send the secrets themselves.`,
    );
    this.name = 'AmbiguousMaskError';
  }
}

/** Replaces every secret with a mask. Null fields stay null, unless everything below a field is secret. */
export function maskSecrets(data: JsonObject, paths: readonly SecretPath[]): JsonObject {
  return objectOrNull(mask(data, [secretTree(paths)], false)) ?? {};
}

/**
 * `trees` are the paths at this value or below; `secret` is true if a path has ended above. Recursive without functions in
 * between, because clients may send deep data.
 */
function mask(value: JsonValue, trees: readonly SecretTree[], secret: boolean): JsonValue {
  if (trees.some(({ all }) => all)) return maskAll(value, true);
  const isSecret = secret || trees.some(({ ends }) => ends);
  if (trees.length === 0) return isSecret ? maskAll(value, false) : value;
  if (Array.isArray(value)) {
    if (isSecret) return MASK;
    const items: JsonValue[] = [];
    for (const item of value) items.push(mask(item, trees, false));
    return items;
  }
  const object = branch(value);
  if (object === null) return isSecret && value !== null ? MASK : value;
  const fields: [string, JsonValue][] = [];
  for (const name of Object.keys(object)) {
    fields.push([name, mask(object[name] ?? null, below(trees, name), isSecret)]);
  }
  return Object.fromEntries(fields);
}

/** Masks every value that is not an object with fields. Nested documents may be deeper than the stack. */
function maskAll(value: JsonValue, alsoNull: boolean): JsonValue {
  const whole = branch(value);
  if (whole === null) return maskOne(value, alsoNull);
  const root: JsonObject = {};
  const open: { source: JsonObject; target: JsonObject }[] = [{ source: whole, target: root }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const name of Object.keys(next.source)) {
      const item = next.source[name] ?? null;
      const inner = branch(item);
      const masked = inner === null ? maskOne(item, alsoNull) : {};
      put(next.target, name, masked);
      if (inner !== null) open.push({ source: inner, target: objectOrNull(masked) ?? {} });
    }
  }
  return root;
}

function maskOne(value: JsonValue, alsoNull: boolean): JsonValue {
  return value === null && !alsoNull ? null : MASK;
}

/** Sets a field, also one that is called `__proto__`. */
function put(object: JsonObject, name: string, value: JsonValue): void {
  Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}

/** Whether data has any value, other than null, at a path. */
export function holdsSecret(value: JsonValue | undefined, path: SecretPath, at = 0): boolean {
  const step = path[at];
  if (at === path.length || step === ALL_BELOW) return value !== undefined && value !== null;
  if (Array.isArray(value)) {
    for (const item of value) if (holdsSecret(item, path, at)) return true;
    return false;
  }
  const object = branch(value);
  if (object === null) return false;
  for (const name of step === null ? Object.keys(object) : [step ?? '']) {
    if (holdsSecret(memberOf(object, name), path, at + 1)) return true;
  }
  return false;
}

/** Whether a value contains a mask. */
export function hasMask(value: JsonValue): boolean {
  if (value === MASK) return true;
  const inner = Array.isArray(value) ? value : Object.values(branch(value) ?? {});
  for (const item of inner) if (hasMask(item)) return true;
  return false;
}

/**
 * Removes masks from data that a client sends, if they are below an entirely secret field and have no secret: it has been
 * removed in the meantime.
 */
export function withoutStrayMasks(
  sent: JsonObject,
  shown: JsonObject,
  paths: readonly SecretPath[],
): JsonObject {
  const wildcards = paths.filter((path) => path.at(-1) === ALL_BELOW);
  return objectOrNull(dropStrayMasks(sent, shown, [secretTree(wildcards)], false)) ?? {};
}

/** `all` is true if everything here is secret because it is below such a field. */
function dropStrayMasks(
  value: JsonValue,
  shown: JsonValue | undefined,
  trees: readonly SecretTree[],
  all: boolean,
): JsonValue {
  const object = branch(value);
  if (object === null || (trees.length === 0 && !all)) return value;
  const inView = branch(shown) ?? {};
  const isAll = all || trees.some((tree) => tree.all);
  const fields: [string, JsonValue][] = [];
  for (const name of Object.keys(object)) {
    const item = object[name] ?? null;
    const seen = memberOf(inView, name);
    if (isAll && item === MASK && seen !== MASK) continue;
    fields.push([name, dropStrayMasks(item, seen, below(trees, name), isAll)]);
  }
  return Object.fromEntries(fields);
}

/**
 * Replaces each mask in a client's data with the secret that it was shown for. List items are matched by their visible
 * content, then by their position. A mask in a place where none was shown is an ordinary value.
 * @param shown the data as readers see it
 * @param stored the same data with its secrets
 * @throws AmbiguousMaskError
 */
export function restoreSecrets(sent: JsonObject, shown: JsonObject, stored: JsonObject): JsonObject {
  return objectOrNull(restore(sent, shown, stored, undefined)) ?? {};
}

/** Recursive without functions in between, because clients may send deep data. */
function restore(
  sent: JsonValue,
  shown: JsonValue | undefined,
  stored: JsonValue | undefined,
  field: string | undefined,
): JsonValue {
  if (sent === MASK) return shown === MASK && stored !== undefined ? stored : sent;
  if (Array.isArray(sent)) {
    if (!Array.isArray(shown) || !Array.isArray(stored) || !hasMask(shown)) return sent;
    const places = placesOf(sent, shown, field ?? '');
    const items: JsonValue[] = [];
    for (const [index, item] of sent.entries()) {
      const place = places.get(index);
      items.push(place === undefined ? item : restore(item, shown[place], stored[place], field));
    }
    return items;
  }
  const object = branch(sent);
  const [inView, inStore] = [branch(shown), branch(stored)];
  if (object === null || inView === null || inStore === null) return sent;
  const fields: [string, JsonValue][] = [];
  for (const name of Object.keys(object)) {
    const inner = field === undefined ? name : `${field}.${name}`;
    const item = object[name] ?? null;
    fields.push([name, restore(item, memberOf(inView, name), memberOf(inStore, name), inner)]);
  }
  return Object.fromEntries(fields);
}

/** Which item of the shown list each sent item with a mask is, by their indexes. @throws AmbiguousMaskError */
function placesOf(
  sent: readonly JsonValue[],
  shown: readonly JsonValue[],
  field: string,
): Map<number, number> {
  const places = new Map<number, number>();
  const sentTexts = sent.map((item) => (hasMask(item) ? canonical(item) : undefined));
  const shownTexts = shown.map(canonical);
  const sameLength = sent.length === shown.length;
  const free = new Set(shown.keys());
  const place = (from: number, to: number) => {
    places.set(from, to);
    free.delete(to);
  };
  const unplaced = () => [...sent.keys()].filter((at) => sentTexts[at] !== undefined && !places.has(at));
  if (sameLength) {
    for (const at of unplaced()) if (sentTexts[at] === shownTexts[at]) place(at, at);
  }
  const freeByText = Map.groupBy(free, (at) => shownTexts[at]);
  for (const [text, sentAt] of Map.groupBy(unplaced(), (at) => sentTexts[at])) {
    const shownAt = freeByText.get(text) ?? [];
    // Of items that look the same but have different secrets, all must be present; otherwise the missing one is unknown.
    if (shownAt.length !== sentAt.length) continue;
    for (const [index, at] of sentAt.entries()) place(at, shownAt[index] ?? at);
  }
  for (const at of unplaced()) {
    if (!sameLength || !free.has(at)) throw new AmbiguousMaskError(field);
    place(at, at);
  }
  return places;
}

/** A text that is equal for equal values, in any order of their fields. */
function canonical(value: JsonValue): string {
  const pieces: string[] = [];
  if (Array.isArray(value)) {
    for (const item of value) pieces.push(canonical(item));
    return `[${pieces.join()}]`;
  }
  const object = branch(value);
  if (object === null) return JSON.stringify(value);
  for (const name of Object.keys(object).toSorted()) {
    pieces.push(`${JSON.stringify(name)}:${canonical(object[name] ?? null)}`);
  }
  return `{${pieces.join()}}`;
}

/** Whether two values are equal, in any order of their fields. Reads no deeper than the first value. */
export function isSame(one: JsonValue, other: JsonValue | undefined): boolean {
  const [inner, outer] = [fieldsOf(one), fieldsOf(other)];
  if (inner === null || outer === null) {
    return inner === outer && JSON.stringify(one) === JSON.stringify(other);
  }
  const names = Object.keys(inner);
  if (Array.isArray(one) !== Array.isArray(other) || names.length !== Object.keys(outer).length) return false;
  for (const name of names) if (!isSame(inner[name] ?? null, memberOf(outer, name))) return false;
  return true;
}

/** The content of a list or an object by index or name; null for other values. */
function fieldsOf(value: JsonValue | undefined): JsonObject | null {
  return Array.isArray(value) ? Object.fromEntries(Object.entries(value)) : objectOrNull(value);
}

/** An object that has fields; an empty one is a value like any other. */
function branch(value: JsonValue | undefined): JsonObject | null {
  const object = objectOrNull(value);
  return object === null || Object.keys(object).length === 0 ? null : object;
}
