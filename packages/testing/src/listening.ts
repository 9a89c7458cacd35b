import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import type { FastifyInstance } from 'fastify';

/** Makes an application listen on a free port of this machine; returns the port. */
export async function listen(app: FastifyInstance): Promise<number> {
  await app.listen({ host: '127.0.0.1', port: 0 });
  const address = app.server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port was given');
  return address.port;
}

/** Opens a connection to a port of this machine. Its errors are ignored: the test checks what arrives. */
export async function openSocket(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

/** Sends a text and returns everything that the server sends until it closes the connection. */
export async function exchange(port: number, request: string): Promise<string> {
  const socket = await openSocket(port);
  socket.write(request);
  return text(socket);
}
