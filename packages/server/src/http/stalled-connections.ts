import type { FastifyInstance } from 'fastify';
import type { ClientTimeouts } from '../settings.ts';
import { type Connection, createProgressWatch, isBeingHandled, phaseOf } from './connections.ts';

/**
 * Closes connections with an open request on which nothing has moved for `timeouts.stall` seconds: clients that have vanished or
 * do not read their answer. A request that keeps the server busy for so long, as a large deletion does, is no stall. Node's own
 * timeout restarts when a client stops reading, and so takes twice as long.
 */
export function closeStalledConnections(
  app: FastifyInstance,
  connections: Iterable<Connection>,
  { stall, checkInterval }: ClientTimeouts,
): void {
  if (stall === 0) return;
  const stalledFor = createProgressWatch();
  const timer = setInterval(
    () => {
      for (const connection of connections) {
        // The watch is asked in any case, so that the time counts from the request on.
        const milliseconds = stalledFor(connection);
        if (phaseOf(connection) === 'idle' || isBeingHandled(connection)) continue;
        if (milliseconds >= stall * 1000) connection.socket.destroy();
      }
    },
    Math.max(1, Math.min(checkInterval, stall) * 1000),
  );
  timer.unref();
  app.addHook('onClose', async () => clearInterval(timer));
}
