import type { FastifyInstance } from 'fastify';
import type { ClientTimeouts } from '../settings.ts';
import { type Connection, createProgressWatch, isBeingHandled, phaseOf } from './connections.ts';

/**
 * Closes connections with an open request that have transferred no data for `timeouts.stall` seconds: the client has gone or
 * does not read its answer. A request that keeps the server busy for that long, such as a large deletion, is not stalled.
 * Node's own timeout restarts when a client stops reading, and so takes twice as long.
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
        // Always call the watch, so that the time counts from the request on.
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
