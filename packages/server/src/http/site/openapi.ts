import { text } from '@mintaka/contract/wire';
import { z } from 'zod';
import type { EndpointDescription } from '../endpoint.ts';
import { isProbePath } from '../probes.ts';
import { productVersion } from '../version.ts';
import { refusalsOf } from './refusals.ts';
import { schemaNames } from './schema-names.ts';

/** An operation and where it is: its whole path, with `:name` for its parameters. */
export type ListedEndpoint = { url: string; endpoint: EndpointDescription };

type Json = Record<string, unknown>;

/**
 * The OpenAPI document of a list of operations.
 * @param prefix what the paths in the document leave out; it becomes the document's server.
 * @param needsKey whether the server has an API key, which every operation except the probes then requires.
 */
export function openApiDocument(listed: readonly ListedEndpoint[], prefix: string, needsKey: boolean): Json {
  const names = schemaNames();
  const paths: Record<string, Json> = {};
  for (const { url, endpoint } of listed) {
    const path = url.slice(prefix.length).replace(/:(\w+)(?:\([^)]*\))?/g, '{$1}');
    const described = operation(endpoint, path, names.refer);
    const open = needsKey && isProbePath(url) ? { security: [] } : {};
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: { ...described, ...open } };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Mintaka API',
      description: `The REST API of Prefect ${productVersion}.`,
      version: productVersion,
    },
    ...(prefix === '' ? {} : { servers: [{ url: prefix }] }),
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

function operation(endpoint: EndpointDescription, path: string, refer: Refer): Json {
  const { summary, tag, params, query, headers, body } = endpoint;
  return {
    summary,
    tags: [tag],
    operationId: operationId(endpoint.method, path),
    parameters: [
      ...parameters(params, 'path', refer),
      ...parameters(query, 'query', refer),
      ...parameters(headers, 'header', refer),
      ...(endpoint.anyVersion === true ? [] : parameters(VersionHeader, 'header', refer)),
    ],
    ...(body === undefined ? {} : { requestBody: requestBody(body, endpoint.bodyOptional !== true, refer) }),
    responses: responses({ ...refusalsOf(endpoint), ...endpoint.responses }, refer),
  };
}

const VersionHeader = z.object({ 'x-prefect-api-version': text().optional() });

function requestBody(body: z.ZodType, required: boolean, refer: Refer): Json {
  return { required, content: json(refer(body, 'input')) };
}

function operationId(method: string, path: string): string {
  const words = path.replace(/^\/api/, '').match(/\w+/g) ?? [];
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

function responses(declared: EndpointDescription['responses'], refer: Refer): Json {
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
