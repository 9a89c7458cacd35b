import type { FastifyInstance, FastifyRequest } from 'fastify';
import { RefusedError } from '../domain/errors.ts';

const preflightMethods = 'DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT';

/**
 * Allows pages of certain origins to use the API. The reference allows every origin.
 * @param isAllowed whether the page that sent a request may read the answer
 */
export function addCors(app: FastifyInstance, isAllowed: (request: FastifyRequest) => boolean): void {
  app.addHook('onRequest', async (request, reply) => {
    const { origin } = request.headers;
    if (origin === undefined) return;
    reply.header('vary', 'Origin');
    const wanted = request.headers['access-control-request-method'];
    const isPreflight = request.method === 'OPTIONS' && wanted !== undefined;
    if (!isAllowed(request)) {
      if (!isPreflight) return;
      throw new RefusedError(
        403,
        'This server does not accept requests from pages of this origin. To allow them, add the origin to MINTAKA_ALLOWED_ORIGINS.',
      );
    }
    reply.header('access-control-allow-origin', origin);
    if (!isPreflight) return;
    const headers = request.headers['access-control-request-headers'];
    if (headers !== undefined) reply.header('access-control-allow-headers', headers);
    return reply
      .header('access-control-allow-methods', preflightMethods)
      .header('access-control-max-age', '600')
      .type('text/plain; charset=utf-8')
      .send('OK');
  });
}
