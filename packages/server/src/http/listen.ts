import { lookup } from 'node:dns/promises';
import { createServer } from 'node:net';
import type { FastifyInstance } from 'fastify';

/**
 * Makes an application listen on every address of a host: `localhost` often has an IPv4 and an IPv6 address, and clients try
 * either first. The first address must be available; others may be missing on this machine.
 * @param port 0 for any free port.
 * @param stop ends listening on all addresses except the first, which `app.close()` ends.
 * @param addressesOf returns the addresses of a host.
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
    // The connections are passed to the one HTTP server, which has the timeouts and closes them.
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
