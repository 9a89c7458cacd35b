import { Server } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { type Connection, createProgressWatch, phaseOf } from './connections.ts';

/** How long connections without a request stay open after the server stops listening, in milliseconds. */
const idleGraceMilliseconds = 250;
/** How long clients may still send their requests and read their answers, in milliseconds. */
const clientGraceMilliseconds = 2_000;
/** After this many turns of the event loop without a new connection, none is waiting to be accepted. */
const quietTurns = 5;
/** The maximum number of turns to wait if new connections keep arriving. */
const turnLimit = 2_000;
/** The interval of checks for connections that can be closed, in milliseconds. */
const sweepMilliseconds = 50;

/**
 * Makes `app.close()` lose no accepted request. The server stops listening immediately, waits briefly for requests in
 * transit, answers all requests with `Connection: close`, and ends when the last answer is sent. Two seconds later it closes
 * the connections of clients that have not sent their whole request, or read nothing of their answer for that long.
 */
export function addGracefulClose(
  app: FastifyInstance,
  connections: Iterable<Connection>,
  listening: AbortController,
): void {
  let closing = false;
  app.addHook('onSend', async (_request, reply) => {
    if (closing) reply.header('connection', 'close');
  });
  app.addHook('preClose', async () => {
    closing = true;
    if (app.server.listening) await drain(app.server, connections, listening);
  });
}

async function drain(
  server: Server,
  connections: Iterable<Connection>,
  listening: AbortController,
): Promise<void> {
  await acceptWaiting(server);
  // The HTTP server's own close() would close connections that are open but have not sent their request yet.
  Server.prototype.close.call(server);
  listening.abort();
  const began = performance.now();
  const stalledFor = createProgressWatch();
  const { promise: drained, resolve } = Promise.withResolvers<void>();
  const sweep = () => {
    const elapsed = performance.now() - began;
    let open = 0;
    for (const connection of connections) {
      if (isWaitedFor(connection, elapsed, stalledFor)) open += 1;
      else connection.socket.destroy();
    }
    if (open === 0) resolve();
  };
  const sweeping = setInterval(sweep, sweepMilliseconds);
  sweep();
  await drained;
  clearInterval(sweeping);
}

/** Not Node's `closeIdleConnections`, which closes connections whose answers are written but not sent yet. */
function isWaitedFor(
  connection: Connection,
  elapsed: number,
  stalledFor: (connection: Connection) => number,
): boolean {
  switch (phaseOf(connection)) {
    case 'idle':
      return elapsed < idleGraceMilliseconds;
    case 'receiving':
      return elapsed < clientGraceMilliseconds;
    case 'answering':
      return !isWaitingForClient(connection) || stalledFor(connection) < clientGraceMilliseconds;
  }
}

/** Whether the server has written the answer, or as much of it as the buffers hold, and the client has to read first. */
function isWaitingForClient({ exchange }: Connection): boolean {
  return exchange?.response.writableEnded === true || exchange?.response.writableNeedDrain === true;
}

/**
 * Accepts the connections that the operating system has already established: their clients see them as open, and closing the
 * listening socket would reset them. The event loop accepts one per turn.
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
