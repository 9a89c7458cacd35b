import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { isProbe } from './probes.ts';
import { sendAnswer } from './send-answer.ts';

/**
 * Requires the API key, sent as `Authorization: Bearer KEY`, on every path except the probes of load balancers. Hooks
 * that were added earlier see requests without it.
 */
export function requireApiKey(app: FastifyInstance, key: string): void {
  const expected = digest(key);
  app.addHook('onRequest', async (request, reply) => {
    if (isProbe(request)) return;
    const shown = /^Bearer (.*)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (shown !== undefined && timingSafeEqual(digest(shown), expected)) return;
    reply.header('www-authenticate', 'Bearer');
    const detail = 'This server needs its API key, sent as "Authorization: Bearer KEY".';
    return sendAnswer(reply, { status: 401, value: { detail } });
  });
}

/** All digests have the same length, so the comparison takes the same time for any input. */
function digest(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
