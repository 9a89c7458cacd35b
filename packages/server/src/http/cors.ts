import type { FastifyInstance } from 'fastify';

const preflightMethods = 'DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT';

/** Opens the API to pages of every origin, as the reference does. */
export function addCors(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    if (request.headers.origin === undefined) return;
    reply.header('access-control-allow-origin', '*');
    const wanted = request.headers['access-control-request-method'];
    if (request.method !== 'OPTIONS' || wanted === undefined) return;
    const headers = request.headers['access-control-request-headers'];
    if (headers !== undefined) reply.header('access-control-allow-headers', headers);
    return reply
      .header('access-control-allow-methods', preflightMethods)
      .header('access-control-max-age', '600')
      .header('vary', 'Origin')
      .type('text/plain; charset=utf-8')
      .send('OK');
  });
}
