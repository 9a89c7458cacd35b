import { isRawJson, type JsonObject, type JsonValue, memberOf } from '@mintaka/contract';
import { objectOrNull } from '../../database/codecs/values.ts';
import { ALL_BELOW, type SecretPath } from './secret-paths.ts';
import { below, type SecretTree, secretTree } from './secret-tree.ts';

/** What stands in place of a secret. */
export const MASK = '********';

/** A mask of which it is not plain for which secret it stands. */
export class AmbiguousMaskError extends Error {
  constructor(field: string) {
    super(
      `A mask ("${MASK}") in the list "${field}" could stand for several secrets, since the list has changed; send the secrets themselves.`,
    );
    this.name = 'AmbiguousMaskError';
  }
}

/** Data with a mask in place of every secret. Fields that are null stay null, unless all below a field is secret. */
export function maskSecrets(data: JsonObject, paths: readonly SecretPath[]): JsonObject {
  return objectOrNull(mask(data, [secretTree(paths)], false)) ?? {};
}

/** `trees` are the paths that lead here or further down; `secret` tells whether a path has ended above. */
function mask(value: JsonValue, trees: readonly SecretTree[], secret: boolean): JsonValue {
  if (trees.some(({ all }) => all)) return maskAll(value, true);
  const isSecret = secret || trees.some(({ ends }) => ends);
  if (trees.length === 0) return isSecret ? maskAll(value, false) : value;
  if (Array.isArray(value)) return isSecret ? MASK : value.map((item) => mask(item, trees, false));
  const object = branch(value);
  if (object === null) return isSecret && value !== null ? MASK : value;
  return mapFields(object, (item, name) => mask(item, below(trees, name), isSecret));
}

/** Every value that is no object with fields becomes a mask. */
function maskAll(value: JsonValue, alsoNull: boolean): JsonValue {
  const object = branch(value);
  if (object !== null) return mapFields(object, (item) => maskAll(item, alsoNull));
  return value === null && !alsoNull ? null : MASK;
}

/** Whether data has any value, other than null, at a path. */
export function holdsSecret(value: JsonValue | undefined, path: SecretPath): boolean {
  const [step, ...rest] = path;
  if (step === undefined || step === ALL_BELOW) return value !== undefined && value !== null;
  if (Array.isArray(value)) return value.some((item) => holdsSecret(item, path));
  const object = branch(value);
  if (object === null) return false;
  if (step === null) return Object.values(object).some((item) => holdsSecret(item, rest));
  return holdsSecret(memberOf(object, step), rest);
}

/** Whether a mask stands anywhere in a value. */
export function hasMask(value: JsonValue): boolean {
  if (value === MASK) return true;
  if (Array.isArray(value)) return value.some(hasMask);
  const object = branch(value);
  return object !== null && Object.values(object).some(hasMask);
}

/**
 * Data that a client sends, without the masks that stand below a field of which everything is secret and for which there is no
 * secret: somebody else has taken it away meanwhile.
 */
export function withoutStrayMasks(
  sent: JsonObject,
  shown: JsonObject,
  paths: readonly SecretPath[],
): JsonObject {
  const wildcards = paths.filter((path) => path.at(-1) === ALL_BELOW);
  return objectOrNull(dropStrayMasks(sent, shown, [secretTree(wildcards)], false)) ?? {};
}

/** `all` tells whether everything here is secret because it is below such a field. */
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
  const isStray = (name: string, item: JsonValue) =>
    isAll && item === MASK && memberOf(inView, name) !== MASK;
  const kept = Object.entries(object).filter(([name, item]) => !isStray(name, item));
  return mapFields(Object.fromEntries(kept), (item, name) =>
    dropStrayMasks(item, memberOf(inView, name), below(trees, name), isAll),
  );
}

/**
 * Data that a client sends, with the secret itself in place of each mask that a reader was shown there. The items of a list
 * are recognised by what is shown of them, else by their place. A mask where none was shown is a value like any other.
 * @param shown the data as readers see it
 * @param stored the same data with its secrets
 * @throws AmbiguousMaskError
 */
export function restoreSecrets(sent: JsonObject, shown: JsonObject, stored: JsonObject): JsonObject {
  return mapFields(sent, (value, name) =>
    restore(value, memberOf(shown, name), memberOf(stored, name), name),
  );
}

function restore(
  sent: JsonValue,
  shown: JsonValue | undefined,
  stored: JsonValue | undefined,
  field: string,
): JsonValue {
  if (sent === MASK) return shown === MASK && stored !== undefined ? stored : sent;
  if (Array.isArray(sent)) {
    return Array.isArray(shown) && Array.isArray(stored) ? restoreItems(sent, shown, stored, field) : sent;
  }
  const object = branch(sent);
  const [inView, inStore] = [branch(shown), branch(stored)];
  if (object === null || inView === null || inStore === null) return sent;
  return mapFields(object, (item, name) =>
    restore(item, memberOf(inView, name), memberOf(inStore, name), `${field}.${name}`),
  );
}

function restoreItems(
  sent: readonly JsonValue[],
  shown: readonly JsonValue[],
  stored: readonly JsonValue[],
  field: string,
): JsonValue[] {
  if (!shown.some(hasMask)) return [...sent];
  const places = placesOf(sent, shown, field);
  return sent.map((item, index) => {
    const place = places.get(index);
    return place === undefined ? item : restore(item, shown[place], stored[place], field);
  });
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
    // Of items that look the same, but have secrets of their own, all must be there: else it could be any that is gone.
    if (shownAt.length !== sentAt.length) continue;
    for (const [index, at] of sentAt.entries()) place(at, shownAt[index] ?? at);
  }
  for (const at of unplaced()) {
    if (!sameLength || !free.has(at)) throw new AmbiguousMaskError(field);
    place(at, at);
  }
  return places;
}

/** Text that is equal for equal values, whatever the order of their fields. */
function canonical(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null || isRawJson(value)) return JSON.stringify(value);
  const fields = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, item]) => `${JSON.stringify(name)}:${canonical(item)}`).join()}}`;
}

/** Whether two values are equal, whatever the order of their fields. */
export function isSame(one: JsonValue, other: JsonValue): boolean {
  return canonical(one) === canonical(other);
}

/** An object that has fields; an empty one is a value like any other. */
function branch(value: JsonValue | undefined): JsonObject | null {
  const object = objectOrNull(value);
  return object === null || Object.keys(object).length === 0 ? null : object;
}

/** A copy with every value changed. Names such as `__proto__` stay what they are. */
function mapFields(object: JsonObject, change: (value: JsonValue, name: string) => JsonValue): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value, name)]));
}
