import type { Operation } from '@mintaka/contract';
import * as z from 'zod';
import type { Random } from '../differential/random.ts';

/** The parts of a request that have a schema. */
export const parts = ['params', 'query', 'headers', 'body'] as const;
/** One of them. */
export type Part = (typeof parts)[number];

/** The kind of value of a field. */
export type Kind =
  | 'text'
  | 'number'
  | 'boolean'
  | 'moment'
  | 'duration'
  | 'id'
  | 'choice'
  | 'list'
  | 'fields'
  | 'free'
  | 'any';

/** A place for a value in a request: a field, an item of a list, or a whole part. */
export type Place = {
  part: Part;
  /** Its path from the root of the part, such as `schedule/#1/cron`. `[]` is an item, `{}` an entry, `#1` an alternative. */
  way: string;
  kind: Kind;
  /** The name of the field, also for its items; empty for a whole part. */
  field: string;
};

/** The keywords of JSON Schema that the contract uses. */
type Node = {
  $ref?: string;
  $defs?: Record<string, Node>;
  type?: string | string[];
  format?: string;
  enum?: unknown[];
  const?: unknown;
  properties?: Record<string, Node>;
  required?: string[];
  items?: Node;
  additionalProperties?: Node | boolean;
  anyOf?: Node[];
  minimum?: number;
  minItems?: number;
};

/** The shape of one part of a request, from its schema in the contract. */
export type Shape = { root: Node; resolve: (node: Node) => Node };

/** Provides valid values for all other fields. */
export type Filler = {
  random: Random;
  /** The id of an existing object for a field. */
  idFor: (way: string) => string;
  /** A valid string for a field. */
  textFor: (field: string) => string;
};

/** Values as JSON text, by their paths. */
export type Replacements = ReadonlyMap<string, string>;

/** Reads the shape of a part of an operation; undefined if it has no such part. */
export function shapeOf(operation: Operation, part: Part): Shape | undefined {
  const schema = operation[part];
  if (schema === undefined) return undefined;
  const root: Node = JSON.parse(
    JSON.stringify(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })),
  );
  const definitions = new Map(Object.entries(root.$defs ?? {}));
  const resolve = (node: Node): Node => {
    if (node.$ref === undefined) return node;
    const found = definitions.get(node.$ref.replace('#/$defs/', ''));
    if (found === undefined) throw new Error(`The schema refers to ${node.$ref}, which it does not define.`);
    return found;
  };
  return { root, resolve };
}

/** All places of a part. */
export function placesOf(part: Part, shape: Shape): Place[] {
  const found: Place[] = [];
  const visit = (given: Node, way: string, field: string): void => {
    const node = shape.resolve(given);
    if (node.anyOf !== undefined) {
      for (const [index, option] of node.anyOf.entries()) visit(option, `${way}/#${index}`, field);
      return;
    }
    const kind = kindOf(node);
    found.push({ part, way, kind, field });
    for (const [name, inner] of Object.entries(node.properties ?? {})) visit(inner, `${way}/${name}`, name);
    if (node.items !== undefined) visit(node.items, `${way}/[]`, field);
    if (typeof node.additionalProperties === 'object') visit(node.additionalProperties, `${way}/{}`, field);
  };
  visit(shape.root, '', '');
  return found;
}

function kindOf(node: Node): Kind {
  if (node.enum !== undefined || node.const !== undefined) return 'choice';
  switch (typeOf(node)) {
    case 'string':
      return node.format === 'uuid' ? 'id' : node.format === 'date-time' ? 'moment' : 'text';
    case 'integer':
    case 'number':
      return node.format === 'time-delta' ? 'duration' : 'number';
    case 'boolean':
      return 'boolean';
    case 'array':
      return 'list';
    case 'object':
      return node.properties === undefined ? 'free' : 'fields';
    default:
      return 'any';
  }
}

/** The first type that is not null. */
function typeOf({ type }: Node): string | undefined {
  return Array.isArray(type) ? (type.find((one) => one !== 'null') ?? 'null') : type;
}

/** Writes a value of a shape as JSON text, with the replacements in their places and valid values everywhere else. */
export function writeShape(shape: Shape, replacements: Replacements, filler: Filler): string {
  const ways = [...replacements.keys()];
  const leadsTo = (way: string) => ways.some((one) => one === way || one.startsWith(`${way}/`));
  const write = (given: Node, way: string, field: string): string => {
    const replaced = replacements.get(way);
    if (replaced !== undefined) return replaced;
    const node = shape.resolve(given);
    if (node.anyOf !== undefined) {
      const options = node.anyOf.map((option, index) => ({ option, way: `${way}/#${index}` }));
      const chosen = options.find((one) => leadsTo(one.way)) ?? filler.random.pick(options);
      return write(chosen.option, chosen.way, field);
    }
    switch (kindOf(node)) {
      case 'fields': {
        const named = Object.entries(node.properties ?? {}).filter(
          ([name]) =>
            (node.required ?? []).includes(name) || leadsTo(`${way}/${name}`) || filler.random.chance(0.25),
        );
        const fields = named.map(
          ([name, inner]) => `${JSON.stringify(name)}:${write(inner, `${way}/${name}`, name)}`,
        );
        return `{${fields.join(',')}}`;
      }
      case 'list': {
        const items = node.items === undefined ? [] : [write(node.items, `${way}/[]`, field)];
        return `[${items.join(',')}]`;
      }
      case 'free':
        return typeof node.additionalProperties === 'object'
          ? `{"key":${write(node.additionalProperties, `${way}/{}`, field)}}`
          : '{"key":["value",1]}';
      default:
        return writeScalar(node, way, field, filler);
    }
  };
  return write(shape.root, '', '');
}

function writeScalar(node: Node, way: string, field: string, { random, idFor, textFor }: Filler): string {
  switch (kindOf(node)) {
    case 'choice':
      return JSON.stringify(node.const ?? random.pick(node.enum ?? [null]));
    case 'id':
      return JSON.stringify(idFor(way));
    case 'moment':
      return JSON.stringify(random.pick(['2026-06-01T00:00:00Z', '2036-06-01T00:00:00+02:00']));
    case 'duration':
      return random.pick(['60', '3600', '86400']);
    case 'number':
      return `${Math.max(node.minimum ?? 0, random.pick([0, 1, 10]))}`;
    case 'boolean':
      return random.pick(['true', 'false']);
    case 'text':
      return JSON.stringify(textFor(field));
    default:
      return typeOf(node) === 'null' ? 'null' : '{"any":1}';
  }
}
