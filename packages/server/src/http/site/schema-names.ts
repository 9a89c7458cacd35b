import { z } from 'zod';

type Json = Record<string, unknown>;

/** Assigns names to the schemas of a document, so that each is written once. */
export type SchemaNames = {
  /** The schema in an operation: a reference if it has a name. */
  refer: (schema: z.ZodType, io: 'input' | 'output') => Json;
  /** All named schemas so far, by name. */
  components: () => Json;
};

/** Starts without any schema. If a model is used in requests and answers, the two have different names. */
export function schemaNames(): SchemaNames {
  const known: { input: Json; output: Json } = { input: {}, output: {} };
  const refer: SchemaNames['refer'] = (schema, io) => {
    const { $schema: _, $defs: named, ...own } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
    const id = z.globalRegistry.get(schema)?.id;
    for (const [name, definition] of Object.entries(named ?? {})) known[io][name] = settle(definition, io);
    if (id === undefined) return asObject(settle(own, io));
    // A schema that refers to itself is among its own definitions.
    known[io][id] ??= settle(own, io, id);
    return { $ref: place(id, io) };
  };
  const components = () => {
    const inputs = Object.entries(known.input).map(([name, schema]) => [nameOf(name, 'input'), schema]);
    return Object.fromEntries([...Object.entries(known.output), ...inputs].toSorted(byName));
  };
  return { refer, components };
}

/**
 * Points the references within a schema to the document's components. `#` alone means the schema called `self`. The names
 * that schemas have for zod are omitted, because they are the components' names.
 */
function settle(value: unknown, io: 'input' | 'output', self?: string): unknown {
  if (Array.isArray(value)) return value.map((item) => settle(item, io, self));
  if (typeof value !== 'object' || value === null) return value;
  const settled: Json = {};
  for (const [key, item] of Object.entries(value)) {
    if (key === '$id' || key === 'id') continue;
    if (key === '$ref') settled[key] = settleReference(String(item), io, self);
    else if (key === 'properties') settled[key] = settleFields(item, io, self);
    else if (key === 'default') settled[key] = item;
    else settled[key] = settle(item, io, self);
  }
  return settled;
}

/** Fields may be called as keywords are. */
function settleFields(fields: unknown, io: 'input' | 'output', self?: string): Json {
  return Object.fromEntries(
    Object.entries(asObject(fields)).map(([name, field]) => [name, settle(field, io, self)]),
  );
}

function settleReference(reference: string, io: 'input' | 'output', self: string | undefined): string {
  if (reference === '#' && self !== undefined) return place(self, io);
  return place(reference.slice('#/$defs/'.length), io);
}

function place(name: string, io: 'input' | 'output'): string {
  return `#/components/schemas/${nameOf(name, io)}`;
}

function nameOf(name: string, io: 'input' | 'output'): string {
  return io === 'input' ? `${name}Input` : name;
}

function asObject(value: unknown): Json {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function byName([a]: readonly unknown[], [b]: readonly unknown[]): number {
  return String(a) < String(b) ? -1 : 1;
}
