import type * as z from 'zod';

/**
 * The permission that a caller needs. `public` needs no API key. `run` covers what a running flow, an agent or a
 * worker does: create runs, propose states, write logs, poll, send heartbeats. `admin` concerns the server itself:
 * its database, its settings.
 */
export type Access = 'public' | 'read' | 'run' | 'write' | 'admin';

/** The HTTP methods of the API. */
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Forbidden; not found; in conflict with stored data. */
export type RefusalStatus = 403 | 404 | 409;

/**
 * What happens when a client repeats a request whose answer was lost, for operations that do not keep lost answers.
 * `runs-again`: it is executed again, without further effect. `by-state`: the state of the run decides.
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

/**
 * One operation of the API: its path, input and answers. Servers, clients and pages are generated from this plain
 * data.
 */
export type Operation = Parts & {
  readonly method: Method;
  /** The path below `/api`, with `:name` for its parameters. */
  readonly path: string;
  /** If true, a path whose `id` is not a UUID is unknown (404) instead of invalid (422). */
  readonly onlyIds?: boolean;
  /** One line for the API page. */
  readonly summary: string;
  /** The section of the API page. */
  readonly tag: string;
  readonly access: Access;
  /** When true, an absent body counts as `{}`: every field of the body has a default. */
  readonly bodyOptional?: boolean;
  /**
   * If true, the server checks the body's `limit` against its page limit before other rules, with its own message.
   */
  readonly limited?: boolean;
  /**
   * If true, the server does not check the client's API version, so that any client can read the server's version.
   */
  readonly anyVersion?: boolean;
  /** What happens to a repeated request, if lost answers are not kept; see {@link keepsLostAnswer}. */
  readonly repeated?: Repeated;
  /** The schemas of the answers by status code; undefined for an answer without a body. */
  readonly responses: { readonly [status: number]: z.ZodType | undefined };
  /**
   * The statuses with which it may refuse a valid request. Any operation can also answer 400 and 422, which are not
   * listed.
   */
  readonly refuses?: readonly RefusalStatus[];
};

/**
 * Whether an answer that did not reach its client is kept for the repeated request. This is so for operations that
 * write.
 */
export function keepsLostAnswer({ method, access, repeated }: Operation): boolean {
  return repeated === undefined && method !== 'GET' && access !== 'read' && access !== 'public';
}

/** The operations on one resource, by name. */
export type Resource = { readonly [name: string]: Operation };

/** Resources by name. */
export type OperationTable = { readonly [resource: string]: Resource };
