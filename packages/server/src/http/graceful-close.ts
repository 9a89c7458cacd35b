import { Server } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** How long connections without a request stay open after the server stops listening, in milliseconds. */
const graceMilliseconds = 250;
/** How often to look for connections that have gone idle meanwhile, in milliseconds. */
const sweepMilliseconds = 50;

/**
 * Makes `app.close()` lose no accepted request: it stops listening at once, leaves a moment to connections whose request
 * is still on its way, answers everything with `Connection: close`, and ends when the last answer is out.
 */
export function addGracefulClose(app: FastifyInstance): void {
  let closing = false;
  app.addHook('onSend', async (_request, reply) => {
    if (closing) reply.header('connection', 'close');
  });
  app.addHook('preClose', async () => {
    closing = true;
    if (app.server.listening) await drain(app);
  });
}

async function drain(app: FastifyInstance): Promise<void> {
  const { server } = app;
  const { promise, resolve } = Promise.withResolvers<void>();
  // The HTTP server's own close() would cut connections that are open but have not sent their request yet.
  Server.prototype.close.call(server, () => resolve());
  let sweeping: NodeJS.Timeout | undefined;
  const grace = setTimeout(() => {
    server.closeIdleConnections();
    sweeping = setInterval(() => server.closeIdleConnections(), sweepMilliseconds);
  }, graceMilliseconds);
  await promise;
  clearTimeout(grace);
  clearInterval(sweeping);
}
