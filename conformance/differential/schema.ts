import type { Sendable } from './json.ts';
import type { Random } from './random.ts';
import { pastTimes, someTime, stateNames, tags } from './values.ts';
import type { World } from './world.ts';

/** The parts of an OpenAPI schema from which bodies are generated. */
export type Schema = {
  $ref?: string;
  allOf?: Schema[];
  anyOf?: Schema[];
  enum?: string[];
  type?: string;
  format?: string;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
};

/** An OpenAPI document. */
export type OpenApi = {
  paths: Record<string, Record<string, { requestBody?: { content?: Record<string, { schema: Schema }> } }>>;
  components: { schemas: Record<string, Schema> };
};

/** Generates filter bodies from the reference's own description of its API. */
export type BodyMaker = {
  /** A body for a route that filters, counts or sums up: each property sometimes, with values that exist. */
  filter(path: string): { [key: string]: Sendable };
};

/** The kind of object of an id in a filter. */
const kindsByFilter: Record<string, string> = {
  flows: 'flow',
  flow_runs: 'flow_run',
  task_runs: 'task_run',
  deployments: 'deployment',
  work_pools: 'work_pool',
  work_pool_queues: 'work_queue',
  work_queues: 'work_queue',
  block_documents: 'block_document',
  block_types: 'block_type',
  block_schemas: 'block_schema',
};

/** Binds a document, a world and a stream of choices. */
export function createBodyMaker(openapi: OpenApi, world: World, random: Random): BodyMaker {
  const resolve = (schema: Schema): Schema => {
    if (schema.$ref !== undefined)
      return resolve(openapi.components.schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {});
    const [part] = schema.allOf ?? [];
    return part === undefined ? schema : resolve(part);
  };
  const make = (unresolved: Schema, path: string[]): Sendable => {
    const schema = resolve(unresolved);
    if (schema.enum !== undefined) return random.pick(schema.enum);
    if (schema.anyOf !== undefined) return make(random.pick(schema.anyOf), path);
    switch (schema.type) {
      case 'object':
        return object(schema, path);
      case 'array':
        return Array.from({ length: random.pick([0, 1, 1, 1, 2, 3]) }, () => make(schema.items ?? {}, path));
      case 'boolean':
        return random.chance(0.5);
      case 'integer':
        return integer(path);
      case 'string':
        return text(schema, path);
      default:
        return random.below(100_000);
    }
  };
  const object = (schema: Schema, path: string[]): { [key: string]: Sendable } => {
    const probability = path.length === 0 ? 0.3 : 0.22;
    const entries = Object.entries(schema.properties ?? {}).filter(
      ([name]) => schema.required?.includes(name) || random.chance(probability),
    );
    return Object.fromEntries(entries.map(([name, part]) => [name, make(part, [...path, name])]));
  };
  const integer = (path: string[]): number => {
    if (path.at(-1) === 'limit') return random.pick([0, 1, 2, 5, 50, 200, 200, 200, 201, -1]);
    if (path.at(-1) === 'offset') return random.pick([0, 0, 0, 1, 3, 100, -1]);
    return random.pick([0, 10, 20, 30, 40, 50, -5]);
  };
  const text = (schema: Schema, path: string[]): Sendable => {
    if (schema.format === 'uuid') return world.id(kindOfId(path));
    if (schema.format === 'date-time') return random.chance(0.8) ? someTime(random) : random.pick(pastTimes);
    const field = path.at(-2) ?? '';
    if (field === 'tags') return random.pick(tags);
    if (field === 'name' && path.includes('state')) return random.pick(stateNames);
    if (path.at(-1) === 'like_' || path.at(-1) === 'startswith_') return pattern(kindOfId(path));
    if (field === 'name') return world.name(kindOfId(path));
    if (field === 'flow_version') return random.pick(['1', 'v2', '']);
    if (field === 'work_queue_name') return world.name('work_queue');
    return random.pick(['process', 'get-directory', 'default', 'text', '']);
  };
  const pattern = (kind: string): string => {
    const name = world.name(kind);
    const start = random.below(Math.max(1, name.length - 2));
    return random.pick([
      name.slice(start, start + 3),
      name.slice(0, 4).toUpperCase(),
      '%',
      '_',
      '-1',
      'FL0W',
      '',
    ]);
  };
  return {
    filter: (path) => {
      const schema = openapi.paths[path]?.post?.requestBody?.content?.['application/json']?.schema;
      if (schema === undefined) throw new Error(`The reference describes no body for ${path}.`);
      const body = make(schema, []);
      return typeof body === 'object' && body !== null && !Array.isArray(body) ? body : {};
    },
  };
}

function kindOfId(path: string[]): string {
  const field = path.at(-2) ?? '';
  if (field.endsWith('parent_task_run_id')) return 'task_run';
  if (field.endsWith('_id')) return field.slice(0, -3);
  return kindsByFilter[path[0] ?? ''] ?? 'flow';
}
