import { lookup } from 'node:dns/promises';
import { createServer } from 'node:net';
import type { FastifyInstance } from 'fastify';

/**
 * Makes an application listen on every address of a host: `localhost` often has one of IPv4 and one of IPv6, and clients try
 * either first. The first address must be free; one of the others may be missing on this machine.
 * @param port 0 for any that is free.
 * @param stop ends the listening on all addresses but the first, which `app.close()` ends.
 * @param addressesOf finds the addresses of a host.
 */
export async function listenOn(
  app: FastifyInstance,
  { host, port }: { host: string; port: number },
  stop: AbortSignal,
  addressesOf: (host: string) => Promise<readonly { address: string }[]> = (name) =>
    lookup(name, { all: true }),
): Promise<void> {
  const [first, ...others] = await addressesOf(host);
  await app.listen({ host: first?.address ?? host, port });
  const given = listeningPort(app);
  for (const { address } of others) {
    // The connections are handed to the one HTTP server, which has the limits and closes them.
    const listener = createServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
      app.server.emit('connection', socket),
    );
    await new Promise<void>((resolve) => {
      listener.once('error', () => resolve());
      listener.listen({ host: address, port: given ?? port, signal: stop }, resolve);
    });
  }
}

/** The port that an application listens on; undefined before it listens. */
export function listeningPort(app: FastifyInstance): number | undefined {
  const address = app.server.address();
  return typeof address === 'object' ? address?.port : undefined;
}
