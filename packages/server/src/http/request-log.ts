import type { AsyncLocalStorage } from 'node:async_hooks';
import type { FastifyInstance } from 'fastify';
import type { EventLoopWatch } from '../event-loop.ts';
import type { Random } from '../random.ts';

/** The route of a request that matched none. */
const noRoute = 'none';
/** An id that can be accepted from a client: short, and safe in a header and a log. */
const acceptable = /^[\w.:/+=-]{1,128}$/;

/**
 * Assigns an id to each request: the client's own from `X-Request-ID`, or a new one. Log entries and the answer contain it.
 */
export function requestIds(random: Random): (request: { headers: NodeJS.Dict<string | string[]> }) => string {
  return ({ headers }) => {
    const given = headers['x-request-id'];
    return typeof given === 'string' && acceptable.test(given) ? given : random.id();
  };
}

/** Sends the request's id with each answer, and logs a line about each request if the log level includes it. */
export function addRequestLog(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  if (app.log.level !== 'debug' && app.log.level !== 'trace') return;
  app.addHook('onResponse', async (request, reply) => {
    const { method } = request;
    request.log.debug(
      { method, url: loggedUrl(request), status: reply.statusCode, milliseconds: reply.elapsedTime },
      'request',
    );
  });
}

/** Reports each request to `eventLoop`, from its headers to the end of its answer. */
export function watchRequests(app: FastifyInstance, eventLoop: Pick<EventLoopWatch, 'begin'>): void {
  app.addHook('onRequest', async ({ id, method, routeOptions }, reply) => {
    reply.raw.once(
      'close',
      eventLoop.begin({ name: `${method} ${routeOptions.url ?? noRoute}`, requestId: id }),
    );
  });
}

/** The URL of a request for the log: its path, without the query, which may contain anything. */
export function loggedUrl({ url }: { url: string }): string {
  return url.split('?', 1)[0] ?? '';
}

/**
 * Stores the request's id in `scope` while its handler runs, from after the body: code that runs while it arrives has no
 * scope.
 */
export function addRequestScope(app: FastifyInstance, scope: AsyncLocalStorage<string>): void {
  app.addHook('preHandler', (request, _reply, done) => scope.run(request.id, done));
}
