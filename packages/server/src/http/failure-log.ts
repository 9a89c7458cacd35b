import type { FastifyRequest } from 'fastify';

/** How long further failures with the same reason and route are counted instead of logged, in milliseconds. */
const quietMilliseconds = 10_000;

/** The route of a request that matched none. */
const noRoute = 'none';

/** A failure of a request that an operator should know of. */
export type Failure = {
  level: 'warn' | 'error';
  /** The reason, in the same words for each failure of its kind. */
  reason: string;
  /** The error, for its stack; undefined if the reason is sufficient. */
  error?: unknown;
  /** Additional fields. */
  fields?: Readonly<Record<string, string | number>>;
};

/**
 * Creates a function that logs failures with route and reason. It logs at most one failure per reason and route in ten
 * seconds, with the number of those omitted since the last one (`omitted`), so that a fault that affects every request cannot
 * fill the disk.
 * @param now milliseconds since any fixed point.
 */
export function createFailureLog(now: () => number): (request: FastifyRequest, failure: Failure) => void {
  const logged = new Map<string, { at: number; omitted: number }>();
  return (request, { level, reason, error, fields }) => {
    const route = request.routeOptions.url ?? noRoute;
    const kind = `${request.method} ${route} ${reason}`;
    const last = logged.get(kind);
    if (last !== undefined && now() - last.at < quietMilliseconds) {
      last.omitted += 1;
      return;
    }
    logged.set(kind, { at: now(), omitted: 0 });
    const about = { method: request.method, route, reason, ...fields };
    const omitted = last === undefined || last.omitted === 0 ? {} : { omitted: last.omitted };
    request.log[level](
      { ...about, ...omitted, ...(error === undefined ? {} : { err: error }) },
      'request failed',
    );
  };
}
