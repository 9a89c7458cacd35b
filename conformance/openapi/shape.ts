import { type ApiDocument, list, record, type Schema } from './document.ts';

/** One level of a schema, independent of the document's version. */
export type Shape = {
  /** Its name in the document; undefined for an inline schema. */
  name: string | undefined;
  /** The constraints on the value itself: its type, format, bounds and so on, as comparable texts. */
  facts: ReadonlyMap<string, string>;
  /** The fields of an object, by name. */
  fields: ReadonlyMap<string, { required: boolean; schema: Schema }>;
  /** The members of a list, or the values of an object without its own fields. */
  items: Schema | undefined;
  values: Schema | undefined;
  /** The alternatives. */
  options: readonly Schema[];
};

/** Keywords whose values are compared unchanged. */
const plain = [
  'type',
  'format',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'pattern',
  'uniqueItems',
];

/**
 * Reads one level of a schema. Ignores two things that only one version can express: whether null is allowed, and a default
 * of null.
 */
export function shapeOf(document: ApiDocument, schema: Schema): Shape {
  const { name, schema: whole } = unwrap(document, schema);
  const options = optionsOf(whole);
  const required = new Set(list(whole.required));
  const properties = Object.entries(record(whole.properties));
  return {
    name,
    facts: factsOf(whole, options.length > 0),
    fields: new Map(
      properties.map(([field, of]) => [field, { required: required.has(field), schema: record(of) }]),
    ),
    items: whole.type === 'array' ? record(whole.items) : undefined,
    values: properties.length === 0 ? valuesOf(whole) : undefined,
    options,
  };
}

type Unwrapped = { name: string | undefined; schema: Schema };

/** Follows references, and merges wrappers around a single schema. The outer schema takes precedence. */
function unwrap(document: ApiDocument, schema: Schema): Unwrapped {
  const { $ref: reference, allOf, anyOf, ...own } = schema;
  if (typeof reference === 'string') {
    const name = reference.slice(reference.lastIndexOf('/') + 1);
    const found = unwrap(document, document.schemas.get(name) ?? {});
    return { name: found.name ?? name, schema: { ...found.schema, ...own } };
  }
  const wrapped = list(allOf ?? anyOf)
    .map(record)
    .filter(isSomething);
  const [single] = wrapped;
  if (single !== undefined && wrapped.length === 1) {
    const found = unwrap(document, single);
    return { name: found.name, schema: { ...found.schema, ...own } };
  }
  return { name: undefined, schema };
}

function optionsOf({ anyOf, oneOf }: Schema): Schema[] {
  return list(anyOf ?? oneOf)
    .map(record)
    .filter(isSomething);
}

function isSomething({ type }: Schema): boolean {
  return type !== 'null';
}

function factsOf(schema: Schema, hasOptions: boolean): Map<string, string> {
  const facts = new Map<string, string>();
  if (hasOptions) facts.set('type', 'one of several');
  for (const keyword of plain) {
    const value = keyword === 'type' ? typeOf(schema) : schema[keyword];
    if (value !== undefined && value !== false) facts.set(keyword, JSON.stringify(value));
  }
  if (schema.enum !== undefined) facts.set('enum', JSON.stringify(list(schema.enum).map(String).toSorted()));
  if (schema.default !== undefined && schema.default !== null)
    facts.set('default', canonical(schema.default));
  if (schema.additionalProperties === false) facts.set('other fields', 'refused');
  if (schema.deprecated === true) facts.set('deprecated', 'true');
  return facts;
}

/** The only type other than null. */
function typeOf({ type }: Schema): unknown {
  const [single, ...others] = list(type).filter((name) => name !== 'null');
  return single !== undefined && others.length === 0 ? single : type;
}

function valuesOf({ additionalProperties }: Schema): Schema | undefined {
  const values = record(additionalProperties);
  return Object.keys(values).length === 0 ? undefined : values;
}

/** JSON with the keys of its objects in order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    Array.isArray(item) || typeof item !== 'object' || item === null
      ? item
      : Object.fromEntries(Object.entries(item).toSorted(([a], [b]) => (a < b ? -1 : 1))),
  );
}
