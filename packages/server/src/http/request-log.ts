import type { AsyncLocalStorage } from 'node:async_hooks';
import type { FastifyInstance } from 'fastify';
import type { EventLoopWatch } from '../event-loop.ts';
import type { Random } from '../random.ts';

/** What stands for the pattern of the route if no route matched. */
const noRoute = 'none';
/** An id that may be taken over from a client: short, and safe in a header and a log. */
const acceptable = /^[\w.:/+=-]{1,128}$/;

/** Gives each request an id: the client's own from `X-Request-ID`, else a new one. Log entries and the answer carry it. */
export function requestIds(random: Random): (request: { headers: NodeJS.Dict<string | string[]> }) => string {
  return ({ headers }) => {
    const given = headers['x-request-id'];
    return typeof given === 'string' && acceptable.test(given) ? given : random.id();
  };
}

/** Sends the request's id with each answer and, where the log is that detailed, writes a line about each request. */
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

/** Tells `eventLoop` of each request, from its head to the end of its answer. */
export function watchRequests(app: FastifyInstance, eventLoop: Pick<EventLoopWatch, 'begin'>): void {
  app.addHook('onRequest', async ({ id, method, routeOptions }, reply) => {
    reply.raw.once(
      'close',
      eventLoop.begin({ name: `${method} ${routeOptions.url ?? noRoute}`, requestId: id }),
    );
  });
}

/** The URL of a request as it is logged: its path, without the query, which may hold anything. */
export function loggedUrl({ url }: { url: string }): string {
  return url.split('?', 1)[0] ?? '';
}

/** Keeps the request's id in `scope` while its handler runs. From after the body on: what its arrival calls has no scope. */
export function addRequestScope(app: FastifyInstance, scope: AsyncLocalStorage<string>): void {
  app.addHook('preHandler', (request, _reply, done) => scope.run(request.id, done));
}
