import {
  isRawJson,
  type JsonObject,
  type JsonValue,
  MOST_MESSAGE_CHARACTERS,
  memberOf,
} from '@mintaka/contract';
import { quoted } from '@mintaka/contract/wire';
import type { ErrorObject } from 'ajv';
import { pythonText } from '../python-text.ts';

/**
 * Selects the most relevant problem and words it, as the reference's validator does: the one nearest to the root, a wrong
 * type first; of alternatives that all fail, the failure that came closest.
 * @param errors at least one, from ajv with `allErrors` and `verbose`.
 */
export function bestProblem(schema: JsonObject, instance: JsonValue, errors: readonly ErrorObject[]): string {
  const told = errors.filter(({ keyword }) => keyword !== 'if' && keyword !== 'propertyNames');
  const outer = told.filter(({ keyword }) => gathering.has(keyword));
  const top = told.filter((error) => !outer.some((other) => isWithin(error, other)));
  const ordered = top.toSorted((a, b) => compareLists(placeOf(schema, a), placeOf(schema, b)));
  let best = mostRelevant(ordered);
  while (best !== undefined && weak.has(best.keyword)) {
    const closest = leastRelevant(told.filter((error) => best !== undefined && isWithin(error, best)));
    if (closest === undefined) break;
    best = closest;
  }
  return best === undefined ? '' : messageOf(best, schema, valueAt(instance, pointer(best.instancePath)));
}

/** Keywords that are less relevant than others at the same location. */
const weak = new Set(['anyOf', 'oneOf']);
/** Keywords whose own error represents those of their subschemas. */
const gathering = new Set([...weak, 'contains', 'not']);

function isWithin(error: ErrorObject, outer: ErrorObject): boolean {
  return gathering.has(outer.keyword) && error.schemaPath.startsWith(`${outer.schemaPath}/`);
}

function mostRelevant(errors: readonly ErrorObject[]): ErrorObject | undefined {
  return errors.reduce<ErrorObject | undefined>(
    (best, error) =>
      best === undefined || compareLists(relevance(error), relevance(best)) > 0 ? error : best,
    undefined,
  );
}

/** The error that is less relevant than all others; undefined if two share that rank. */
function leastRelevant(errors: readonly ErrorObject[]): ErrorObject | undefined {
  const [first, second] = errors.toSorted((a, b) => compareLists(relevance(a), relevance(b)));
  if (first === undefined || second === undefined) return first;
  return compareLists(relevance(first), relevance(second)) === 0 ? undefined : first;
}

function relevance(error: ErrorObject): number[] {
  return [-pointer(error.instancePath).length, Number(!weak.has(error.keyword)), Number(!fitsType(error))];
}

/** Whether the value has the type that its schema requires; false if it requires none. */
function fitsType({ parentSchema, data }: ErrorObject): boolean {
  return [parentSchema?.type].flat().some((type) => {
    switch (type) {
      case 'null':
        return data === null;
      case 'array':
        return Array.isArray(data);
      case 'object':
        return typeof data === 'object' && data !== null && !Array.isArray(data);
      case 'integer':
        return Number.isInteger(data);
      default:
        return typeof data === type;
    }
  });
}

/** The position of a problem among the others: by the order of the schema's own keys. */
function placeOf(schema: JsonObject, { schemaPath, params }: ErrorObject): number[] {
  let within: JsonValue | undefined = schema;
  const place: number[] = [];
  for (const key of [...schemaPointer(schemaPath), params.missingProperty]) {
    if (typeof within !== 'object' || within === null || isRawJson(within)) break;
    const members: readonly JsonValue[] = Array.isArray(within) ? within : Object.keys(within);
    place.push(members.includes(key) ? members.indexOf(key) : Number(key));
    within = Array.isArray(within) ? within[Number(key)] : memberOf(within, key);
  }
  return place;
}

function compareLists(a: readonly number[], b: readonly number[]): number {
  for (const [index, left] of a.entries()) {
    const right = b[index];
    if (right === undefined) return 1;
    if (left !== right) return left - right;
  }
  return a.length - b.length;
}

function pointer(path: string): string[] {
  return path
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Locations within a schema are URI fragments, unlike those within the instance; a `$ref` is kept as written. */
function schemaPointer(path: string): string[] {
  try {
    return pointer(decodeURIComponent(path));
  } catch {
    return pointer(path);
  }
}

function valueAt(root: JsonValue, path: readonly string[]): JsonValue {
  let value: JsonValue | undefined = root;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || isRawJson(value)) return null;
    value = Array.isArray(value) ? value[Number(key)] : memberOf(value, key);
  }
  return value ?? null;
}

function messageOf(
  { keyword, schemaPath, params, message }: ErrorObject,
  schema: JsonObject,
  value: JsonValue,
): string {
  const path = schemaPointer(schemaPath);
  const shown = pythonText(value, MOST_MESSAGE_CHARACTERS);
  const rule = valueAt(schema, path);
  const wanted = pythonText(rule, MOST_MESSAGE_CHARACTERS);
  switch (keyword) {
    case 'type':
      return `${shown} is not of type ${[rule]
        .flat()
        .map((type) => pythonText(type))
        .join(', ')}`;
    case 'required':
      return `${quoted(params.missingProperty)} is a required property`;
    case 'enum':
      return `${shown} is not one of ${wanted}`;
    case 'const':
      return `${wanted} was expected`;
    case 'minimum':
      return `${shown} is less than the minimum of ${wanted}`;
    case 'maximum':
      return `${shown} is greater than the maximum of ${wanted}`;
    case 'exclusiveMinimum':
      return `${shown} is less than or equal to the minimum of ${wanted}`;
    case 'exclusiveMaximum':
      return `${shown} is greater than or equal to the maximum of ${wanted}`;
    case 'multipleOf':
      return `${shown} is not a multiple of ${wanted}`;
    case 'minLength':
    case 'minItems':
      return `${shown} is too short`;
    case 'maxLength':
    case 'maxItems':
      return `${shown} is too long`;
    case 'pattern':
      return `${shown} does not match ${wanted}`;
    case 'uniqueItems':
      return `${shown} has non-unique elements`;
    case 'minProperties':
      return `${shown} does not have enough properties`;
    case 'maxProperties':
      return `${shown} has too many properties`;
    case 'anyOf':
    case 'oneOf':
      return `${shown} is not valid under any of the given schemas`;
    case 'not':
      return `${shown} should not be valid under ${wanted}`;
    case 'contains':
      return `${shown} does not contain items matching the given schema`;
    case 'dependentRequired':
      return `${quoted(params.missingProperty)} is a dependency of ${quoted(params.property)}`;
    case 'additionalProperties':
      return unexpected(value, valueAt(schema, [...path.slice(0, -1), 'properties']));
    default:
      return message ?? keyword;
  }
}

function unexpected(value: JsonValue, known: JsonValue): string {
  const expected = new Set(namesIn(known));
  const extras = namesIn(value).filter((name) => !expected.has(name));
  const verb = extras.length === 1 ? 'was' : 'were';
  return `Additional properties are not allowed (${extras.map(quoted).join(', ')} ${verb} unexpected)`;
}

function namesIn(value: JsonValue): string[] {
  return typeof value === 'object' && value !== null ? Object.keys(value) : [];
}
