import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { sendAnswer } from './endpoint.ts';

/** The one path that is open without the key, so that load balancers can ask. */
const openPath = '/api/health';

/**
 * Locks every path but the health check: who asks must show the key, as `Authorization: Bearer KEY`. Add it before all
 * routes and other hooks.
 */
export function addDoor(app: FastifyInstance, key: string): void {
  const expected = digest(key);
  app.addHook('onRequest', async (request, reply) => {
    if (request.method === 'GET' && request.url === openPath) return;
    const shown = /^Bearer (.*)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (shown !== undefined && timingSafeEqual(digest(shown), expected)) return;
    reply.header('www-authenticate', 'Bearer');
    const detail = 'This server needs its API key, sent as "Authorization: Bearer KEY".';
    return sendAnswer(reply, { status: 401, value: { detail } });
  });
}

/** Of one length, so that the comparison takes the same time whatever was shown. */
function digest(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
