import { validationErrors, type WireError } from '@mintaka/contract/wire';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { InvalidRequestError } from './errors.ts';
import { checkLimit } from './limit.ts';
import { type ReceivedBody, readBody } from './request-body.ts';
import { checkApiVersion } from './version-header.ts';

type Schema = z.ZodType | undefined;
type Parsed<S extends Schema> = S extends z.ZodType ? z.output<S> : undefined;

/** What a handler gets: the parts of the request that the endpoint declares, parsed. */
export type EndpointInput<
  Params extends Schema,
  Query extends Schema,
  Body extends Schema,
  Headers extends Schema = undefined,
> = {
  params: Parsed<Params>;
  query: Parsed<Query>;
  headers: Parsed<Headers>;
  body: Parsed<Body>;
  request: FastifyRequest;
  reply: FastifyReply;
};

/** What a handler answers: `value` as JSON; without one, an empty body. */
export type Answer = { status: number; value?: unknown };

/** An answer that gives what was asked for. */
export function ok(value: unknown): Answer {
  return { status: 200, value };
}

/** An answer that tells whether this request made the thing (201) or found it there (200). */
export function made({ created, value }: { created: boolean; value: unknown }): Answer {
  return { status: created ? 201 : 200, value };
}

/** The answer to a change: it is done, and there is nothing to say. */
export const done: Answer = { status: 204 };

/** Not allowed; not there; at odds with what is there. */
export type RefusalStatus = 403 | 404 | 409;

/** One operation of the API: where it is, what it takes, what it answers. */
export type Endpoint<
  Params extends Schema,
  Query extends Schema,
  Body extends Schema,
  Headers extends Schema = undefined,
> = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** The path below `/api`, with `:name` for its parameters. */
  path: string;
  /** One line for the API page. */
  summary: string;
  tag: string;
  params?: Params;
  query?: Query;
  /** The headers that mean something here, by their lower-case names. */
  headers?: Headers;
  body?: Body;
  /** Whether an absent body counts as `{}`: so it is where every field of a body has a default. */
  bodyOptional?: boolean;
  /** Whether the body's `limit` is held against the server's page limit, which answers differently from other rules. */
  limited?: boolean;
  /** Whether the client's API version does not matter: so it is where clients ask for ours. */
  anyVersion?: boolean;
  /** How it may refuse what is asked in the right form, for the API page; that every operation may answer 400 and 422 is known. */
  refuses?: readonly RefusalStatus[];
  /** The answers by status code; undefined where there is no body. For the API page and the types of our own clients. */
  responses: Record<number, z.ZodType | undefined>;
  handler: (input: EndpointInput<Params, Query, Body, Headers>) => Promise<Answer>;
};

/** What all endpoints share. */
export type EndpointOptions = { pageLimit: number };

type Operation<
  Params extends Schema,
  Query extends Schema,
  Body extends Schema,
  Headers extends Schema,
> = Omit<Endpoint<Params, Query, Body, Headers>, 'method' | 'path' | 'tag'>;

/** Adds operations on one resource, each by its method and path. */
export function endpoints(app: FastifyInstance, options: EndpointOptions, tag: string) {
  const by =
    (method: Endpoint<Schema, Schema, Schema>['method']) =>
    <
      Params extends Schema = undefined,
      Query extends Schema = undefined,
      Body extends Schema = undefined,
      Headers extends Schema = undefined,
    >(
      path: string,
      operation: Operation<Params, Query, Body, Headers>,
    ): void =>
      addEndpoint(app, options, { ...operation, method, path, tag });
  return { get: by('GET'), post: by('POST'), put: by('PUT'), patch: by('PATCH'), del: by('DELETE') };
}

/**
 * Adds an operation to the application. The order of its checks is the reference's: the body must be JSON, the version
 * header fit, the page limit hold, and then all parts are judged together.
 */
export function addEndpoint<
  Params extends Schema = undefined,
  Query extends Schema = undefined,
  Body extends Schema = undefined,
  Headers extends Schema = undefined,
>(app: FastifyInstance, options: EndpointOptions, endpoint: Endpoint<Params, Query, Body, Headers>): void {
  app.route({
    method: endpoint.method,
    url: endpoint.path,
    config: { endpoint: describeEndpoint(endpoint) },
    handler: async (request, reply) => {
      if (hasEmptyParameter(request.params)) return reply.callNotFound();
      const received = readBody(request, endpoint.body !== undefined);
      if (endpoint.anyVersion !== true) checkApiVersion(request.headers['x-prefect-api-version']);
      if (endpoint.limited === true) checkLimit(received.value, options.pageLimit);
      const answer = await endpoint.handler(parseParts(endpoint, { request, reply }, received));
      return sendAnswer(reply, answer);
    },
  });
}

/** The parts of an endpoint that the API page shows. */
export type EndpointDescription = Pick<
  Endpoint<Schema, Schema, Schema, Schema>,
  | 'method'
  | 'path'
  | 'summary'
  | 'tag'
  | 'params'
  | 'query'
  | 'headers'
  | 'body'
  | 'bodyOptional'
  | 'anyVersion'
  | 'refuses'
  | 'responses'
>;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The operation behind a route, for the API page. */
    endpoint?: EndpointDescription;
  }
}

/** Answers with JSON, exactly as the reference labels it. */
export function sendAnswer(reply: FastifyReply, answer: Answer): FastifyReply {
  reply.code(answer.status);
  if (answer.value === undefined) return reply.send();
  return reply.header('content-type', 'application/json').send(Buffer.from(JSON.stringify(answer.value)));
}

// The router takes `/flows/` for `/flows/:id` with an empty id; the reference knows no such path.
function hasEmptyParameter(params: unknown): boolean {
  return typeof params === 'object' && params !== null && Object.values(params).includes('');
}

function describeEndpoint<
  Params extends Schema,
  Query extends Schema,
  Body extends Schema,
  Headers extends Schema,
>({ handler: _, limited: __, ...description }: Endpoint<Params, Query, Body, Headers>): EndpointDescription {
  return description;
}

function parseParts<Params extends Schema, Query extends Schema, Body extends Schema, Headers extends Schema>(
  endpoint: Endpoint<Params, Query, Body, Headers>,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  received: ReceivedBody,
): EndpointInput<Params, Query, Body, Headers> {
  const problems: WireError[] = [];
  const params = parsePart(endpoint.params, request.params, 'path', problems);
  const query = parsePart(endpoint.query, request.query, 'query', problems);
  const headers = parsePart(endpoint.headers, request.headers, 'header', problems);
  const sent = received.present || endpoint.bodyOptional !== true ? received.value : {};
  const body = parsePart(endpoint.body, sent, 'body', problems);
  // As the limit is judged first, so it is complained about first.
  if (endpoint.limited === true) problems.sort((a, b) => Number(isAboutLimit(b)) - Number(isAboutLimit(a)));
  if (problems.length > 0) throw new InvalidRequestError(problems, received.value ?? null);
  return { params, query, headers, body, request, reply };
}

function isAboutLimit({ loc }: WireError): boolean {
  return loc[0] === 'body' && loc[1] === 'limit';
}

function parsePart<S extends Schema>(
  schema: S | undefined,
  value: unknown,
  part: 'path' | 'query' | 'header' | 'body',
  problems: WireError[],
): Parsed<S> {
  // The conditional type cannot be followed through the branches: without a schema it is undefined, with one its output.
  if (schema === undefined) return undefined as Parsed<S>;
  const result = schema.safeParse(value);
  if (!result.success) problems.push(...validationErrors(result.error, [part]));
  return result.data as Parsed<S>;
}
