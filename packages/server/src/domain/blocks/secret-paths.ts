import {
  type JsonObject,
  type JsonText,
  type JsonValue,
  MOST_SECRET_PATHS,
  memberOf,
} from '@mintaka/contract';
import { objectOrNull } from '../../database/codecs/values.ts';

/**
 * The path of a secret in a block's data: field names from the outside in, null for any name. Lists are not a step: the path
 * continues in each item. Everything at the end of a path is secret; after a last step `*`, null is too.
 */
export type SecretPath = readonly (string | null)[];

/** The step after which everything is secret. */
export const ALL_BELOW = '*';

/** The maximum number of places in a schema that are checked for passwords. If there are more, all of its data is secret. */
const mostPlaces = 100_000;

/** The maximum number of steps of a path. Everything deeper is secret too. */
const mostSteps = 100;

/**
 * The paths of secrets in the data of a block with this schema: its `secret_fields` (`a.b` is a nested field, and `a.*` makes
 * everything below `a` secret), and every value that its JSON schema declares as a password. Prefect's clients omit the
 * latter from `secret_fields` for fields with an alias and for secrets deep within mappings.
 */
export function secretPaths(fields: JsonObject): SecretPath[] {
  return bounded([...namedPaths(memberOf(fields, 'secret_fields')), ...passwordPaths(fields)]);
}

/** The same paths without duplicates; if there are too many, one path that makes everything secret. */
export function bounded(paths: readonly SecretPath[]): SecretPath[] {
  const short = paths.map((path) => path.slice(0, mostSteps));
  const different = [...new Map(short.map((path) => [JSON.stringify(path), path])).values()];
  return different.length > MOST_SECRET_PATHS ? [[]] : different;
}

/** The paths that are not among others. */
export function pathsWithout(paths: readonly SecretPath[], others: readonly SecretPath[]): SecretPath[] {
  const texts = new Set(others.map((path) => JSON.stringify(path)));
  return paths.filter((path) => !texts.has(JSON.stringify(path)));
}

/** Parses stored paths. If the column contains anything else, everything is secret. */
export function storedPaths(column: JsonText | null): SecretPath[] {
  const value = column?.parse() ?? [];
  return isPaths(value) ? value : [[]];
}

function isPaths(value: unknown): value is SecretPath[] {
  const isStep = (step: unknown) => typeof step === 'string' || step === null;
  return Array.isArray(value) && value.every((path) => Array.isArray(path) && path.every(isStep));
}

function namedPaths(names: JsonValue | undefined): SecretPath[] {
  if (!Array.isArray(names)) return [];
  return names.filter((name) => typeof name === 'string').map(pathOf);
}

function pathOf(name: string): SecretPath {
  const steps = name.split('.');
  const wildcard = steps.indexOf(ALL_BELOW);
  return wildcard === -1 ? steps : steps.slice(0, wildcard + 1);
}

/** A schema within a schema, and the step that leads to its values; no step if they are also values of the outer schema. */
type Part = { step: string | null | undefined; schema: JsonObject };

/** The schemas within a schema, except references to definitions. */
function partsOf(schema: JsonObject): Part[] {
  const parts: Part[] = [];
  const add = (step: Part['step'], inner: JsonValue | undefined) => {
    for (const one of Array.isArray(inner) ? inner : [inner]) {
      const object = objectOrNull(one);
      if (object !== null) parts.push({ step, schema: object });
    }
  };
  for (const [name, property] of Object.entries(objectOrNull(memberOf(schema, 'properties')) ?? {}))
    add(name, property);
  for (const property of Object.values(objectOrNull(memberOf(schema, 'patternProperties')) ?? {}))
    add(null, property);
  add(null, memberOf(schema, 'additionalProperties'));
  for (const keyword of ['items', 'prefixItems', 'anyOf', 'allOf', 'oneOf'])
    add(undefined, memberOf(schema, keyword));
  return parts;
}

function isPassword(schema: JsonObject): boolean {
  return memberOf(schema, 'format') === 'password' || memberOf(schema, 'writeOnly') === true;
}

const definitionPrefix = '#/definitions/';

/** The name of the definition to which a schema refers. */
function referenceOf(schema: JsonObject): string | undefined {
  const reference = memberOf(schema, '$ref');
  return typeof reference === 'string' && reference.startsWith(definitionPrefix)
    ? reference.slice(definitionPrefix.length)
    : undefined;
}

function passwordPaths(fields: JsonObject): SecretPath[] {
  const definitions = objectOrNull(memberOf(fields, 'definitions')) ?? {};
  const secretive = definitionsWithPasswords(definitions);
  const paths: SecretPath[] = [];
  let places = 0;
  const collect = (schema: JsonObject, path: SecretPath, within: readonly string[]): void => {
    places += 1;
    if (paths.length > MOST_SECRET_PATHS || places > mostPlaces) return;
    if (isPassword(schema)) {
      paths.push(path);
      return;
    }
    const name = referenceOf(schema);
    if (name !== undefined && secretive.has(name)) {
      // A definition that contains itself has infinitely many secrets.
      if (within.includes(name)) paths.push(path);
      else collect(objectOrNull(memberOf(definitions, name)) ?? {}, path, [...within, name]);
    }
    for (const { step, schema: inner } of partsOf(schema)) {
      collect(inner, step === undefined ? path : [...path, step], within);
    }
  };
  collect(fields, [], []);
  return places > mostPlaces ? [[]] : paths;
}

/** The names of the definitions that contain a password at any depth. */
function definitionsWithPasswords(definitions: JsonObject): ReadonlySet<string> {
  const usedBy = new Map<string, string[]>();
  const found: string[] = [];
  for (const name of Object.keys(definitions)) {
    const look = (schema: JsonObject): void => {
      if (isPassword(schema)) found.push(name);
      const other = referenceOf(schema);
      if (other !== undefined) {
        const users = usedBy.get(other) ?? [];
        users.push(name);
        usedBy.set(other, users);
      }
      for (const part of partsOf(schema)) look(part.schema);
    };
    look(objectOrNull(memberOf(definitions, name)) ?? {});
  }
  const secretive = new Set<string>();
  for (let name = found.pop(); name !== undefined; name = found.pop()) {
    if (secretive.has(name)) continue;
    secretive.add(name);
    found.push(...(usedBy.get(name) ?? []));
  }
  return secretive;
}
