import type { Operation, OperationTable } from '@mintaka/contract';
import { text } from '@mintaka/contract/wire';
import { z } from 'zod';
import { refusalsOf } from './refusals.ts';
import { schemaNames } from './schema-names.ts';

type Json = Record<string, unknown>;

/** The server in the document. */
export type DescribedServer = {
  /** What the document is about, and its version. */
  api: { description: string; version: string };
  /** Whether the server has an API key, which every operation except the probes then requires. */
  needsKey: boolean;
  /** The path below which the server is reached; empty for the root. */
  basePath: string;
};

/**
 * The OpenAPI document of a table of operations.
 * @param prefix what the paths in the document omit, `/api` or nothing; it becomes the document's server.
 */
export function openApiDocument(
  table: OperationTable,
  prefix: '' | '/api',
  { api, needsKey, basePath }: DescribedServer,
): Json {
  const server = `${basePath}${prefix}`;
  const names = schemaNames();
  const paths: Record<string, Json> = {};
  for (const operation of Object.values(table).flatMap((resource) => Object.values(resource))) {
    const below = prefix === '' ? `/api${operation.path}` : operation.path;
    const path = below.replace(/:(\w+)/g, '{$1}');
    const open = needsKey && operation.access === 'public' ? { security: [] } : {};
    const described = { ...describe(operation, names.refer), ...open };
    paths[path] = { ...paths[path], [operation.method.toLowerCase()]: described };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Mintaka API', ...api },
    ...(server === '' ? {} : { servers: [{ url: server }] }),
    ...(needsKey ? { security: [{ [keyScheme]: [] }] } : {}),
    paths,
    components: {
      schemas: names.components(),
      ...(needsKey ? { securitySchemes: { [keyScheme]: keySchemeDescription } } : {}),
    },
  };
}

const keyScheme = 'apiKey';
const keySchemeDescription = { type: 'http', scheme: 'bearer', description: "The server's API key." };

type Refer = (schema: z.ZodType, io: 'input' | 'output') => Json;

function describe(operation: Operation, refer: Refer): Json {
  const { summary, tag, params, query, headers, body } = operation;
  return {
    summary,
    tags: [tag],
    operationId: operationId(operation),
    parameters: [
      ...parameters(params, 'path', refer),
      ...parameters(query, 'query', refer),
      ...parameters(headers, 'header', refer),
      ...(operation.anyVersion === true ? [] : parameters(VersionHeader, 'header', refer)),
    ],
    ...(body === undefined ? {} : { requestBody: requestBody(body, operation.bodyOptional !== true, refer) }),
    responses: responses({ ...refusalsOf(operation), ...operation.responses }, refer),
  };
}

const VersionHeader = z.object({ 'x-prefect-api-version': text().optional() });

function requestBody(body: z.ZodType, required: boolean, refer: Refer): Json {
  return { required, content: json(refer(body, 'input')) };
}

function operationId({ method, path }: Operation): string {
  const words = path.match(/\w+/g) ?? [];
  return [method.toLowerCase(), ...words].join('_');
}

function parameters(schema: z.ZodType | undefined, place: 'path' | 'query' | 'header', refer: Refer): Json[] {
  if (!(schema instanceof z.ZodObject)) return [];
  const fields: [string, z.ZodType][] = Object.entries(schema.shape);
  return fields.map(([name, field]) => ({
    name,
    in: place,
    required: place === 'path' || !field.safeParse(undefined).success,
    schema: refer(field, 'input'),
  }));
}

function responses(declared: Operation['responses'], refer: Refer): Json {
  const listed = Object.entries(declared).map(([status, schema]) => {
    const description = Number(status) < 400 ? 'Done' : 'Refused';
    return [
      status,
      schema === undefined ? { description } : { description, content: json(refer(schema, 'output')) },
    ];
  });
  return Object.fromEntries(listed);
}

function json(schema: Json): Json {
  return { 'application/json': { schema } };
}
