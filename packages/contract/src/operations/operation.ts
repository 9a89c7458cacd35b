import type * as z from 'zod';

/**
 * What a caller must be allowed to do. `public` needs no API key. `run` is what a running flow, an agent or a worker does:
 * create runs, propose states, write logs, poll, send heartbeats. `admin` concerns the server itself: its database, its
 * settings.
 */
export type Access = 'public' | 'read' | 'run' | 'write' | 'admin';

/** The HTTP methods of the API. */
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Forbidden; not found; in conflict with what is stored. */
export type RefusalStatus = 403 | 404 | 409;

/** The schemas of the parts of a request; a part without a schema is not read. */
export type Parts = {
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  /** The headers that have a meaning here, by their lower-case names. */
  readonly headers?: z.ZodType;
  readonly body?: z.ZodType;
};

/** One operation of the API: where it is, what it takes, what it answers. Plain data: servers, clients and pages are made from it. */
export type Operation = Parts & {
  readonly method: Method;
  /** The path below `/api`, with `:name` for its parameters. */
  readonly path: string;
  /** When true, a path whose `id` is not a UUID is unknown (404) instead of invalid (422). */
  readonly onlyIds?: boolean;
  /** One line for the API page. */
  readonly summary: string;
  /** The section of the API page. */
  readonly tag: string;
  readonly access: Access;
  /** When true, an absent body counts as `{}`: every field of the body has a default. */
  readonly bodyOptional?: boolean;
  /** When true, the server checks the body's `limit` against its page limit, before and in other words than the other rules. */
  readonly limited?: boolean;
  /** When true, the server does not check the client's API version, so that any client can ask for ours. */
  readonly anyVersion?: boolean;
  /** The schemas of the answers by status code; undefined for an answer without a body. */
  readonly responses: { readonly [status: number]: z.ZodType | undefined };
  /** How it may refuse a valid request. Any operation may also answer 400 and 422; these need no mention. */
  readonly refuses?: readonly RefusalStatus[];
};

/** The operations on one kind of thing, by name. */
export type Resource = { readonly [name: string]: Operation };

/** Resources by name. */
export type OperationTable = { readonly [resource: string]: Resource };
