import type { FastifyRequest } from 'fastify';

/** For how long further failures of one reason on one route are counted, but not logged, in milliseconds. */
const quietMilliseconds = 10_000;

/** What stands for the pattern of the route if no route matched. */
const noRoute = 'none';

/** A failure of a request that an operator should know of. */
export type Failure = {
  level: 'warn' | 'error';
  /** What went wrong, in words that are the same for each failure of the kind. */
  reason: string;
  /** The error, for its stack; undefined if the reason says it all. */
  error?: unknown;
  /** More about it. */
  fields?: Readonly<Record<string, string | number>>;
};

/**
 * Makes a function that logs failures with their route and reason. Of one reason on one route it logs one in ten seconds, with
 * the number of those that it left out since the last one (`omitted`): a fault that hits every request must not fill the disk.
 * @param now milliseconds since any fixed moment.
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
