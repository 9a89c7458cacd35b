import { Server } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** How long connections without a request stay open after the server stops listening, in milliseconds. */
const graceMilliseconds = 250;
/** How many turns of the event loop without a new connection show that none is waiting to be accepted. */
const quietTurns = 5;
/** How many turns to take at most, where new connections never cease. */
const turnLimit = 2_000;
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
  await acceptWaiting(server);
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

/**
 * Accepts the connections that the system has already made: to their clients they are open, and closing the socket would
 * reset them. The event loop accepts one in a turn.
 */
async function acceptWaiting(server: Server): Promise<void> {
  let quiet = 0;
  const onConnection = () => {
    quiet = 0;
  };
  server.on('connection', onConnection);
  for (let turn = 0; turn < turnLimit && quiet < quietTurns; turn += 1) {
    quiet += 1;
    await new Promise((next) => setImmediate(next));
  }
  server.off('connection', onConnection);
}
