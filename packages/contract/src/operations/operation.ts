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

/**
 * What a request gets that a client sends again because the answer to the first one was lost, if it is not that answer.
 * `runs-again`: it runs again, which changes nothing more. `by-state`: the state of its run tells.
 */
export type Repeated = 'runs-again' | 'by-state';

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
  /** What a repeated request gets if that is not the lost answer; see {@link keepsLostAnswer}. */
  readonly repeated?: Repeated;
  /** The schemas of the answers by status code; undefined for an answer without a body. */
  readonly responses: { readonly [status: number]: z.ZodType | undefined };
  /** How it may refuse a valid request. Any operation may also answer 400 and 422; these need no mention. */
  readonly refuses?: readonly RefusalStatus[];
};

/** Whether an answer that is lost on its way to the client is kept for the same request when it comes again: if it tells of something written. */
export function keepsLostAnswer({ method, access, repeated }: Operation): boolean {
  return repeated === undefined && method !== 'GET' && access !== 'read' && access !== 'public';
}

/** The operations on one kind of thing, by name. */
export type Resource = { readonly [name: string]: Operation };

/** Resources by name. */
export type OperationTable = { readonly [resource: string]: Resource };
