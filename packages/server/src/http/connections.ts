import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** An open connection. */
export type Connection = {
  readonly socket: Socket;
  /** The newest request on it, and its response; undefined before the first request has come. */
  exchange: { request: IncomingMessage; response: ServerResponse } | undefined;
};

/**
 * What a connection is doing. `receiving`: its request has not come in full; a new connection is receiving its first request.
 * `answering`: the request is there, and its answer has not been handed to the operating system in full. `idle`: neither.
 */
export type Phase = 'receiving' | 'answering' | 'idle';

/** Keeps track of the open connections of a server. Call it before the server listens. */
export function trackConnections(server: Server): Iterable<Connection> {
  const open = new Map<Socket, Connection>();
  server.on('connection', (socket: Socket) => {
    open.set(socket, { socket, exchange: undefined });
    socket.once('close', () => open.delete(socket));
  });
  server.on('request', (request, response) => {
    const connection = open.get(request.socket);
    if (connection !== undefined) connection.exchange = { request, response };
  });
  return { [Symbol.iterator]: () => open.values() };
}

/** What a connection is doing now. */
export function phaseOf({ exchange }: Connection): Phase {
  if (exchange === undefined || !exchange.request.complete) return 'receiving';
  return exchange.response.writableFinished ? 'idle' : 'answering';
}

/** Whether the server has a request in full and has not begun to answer it: the client can only wait. */
export function isBeingHandled(connection: Connection): boolean {
  return phaseOf(connection) === 'answering' && connection.exchange?.response.headersSent === false;
}

/** Tells for how many milliseconds a connection has not moved a byte in either direction, as far as its calls can see. */
export function createProgressWatch(): (connection: Connection) => number {
  const seen = new WeakMap<Connection, { bytes: number; since: number }>();
  return (connection) => {
    const now = performance.now();
    const bytes = bytesMoved(connection.socket);
    const last = seen.get(connection);
    if (last?.bytes === bytes) return now - last.since;
    seen.set(connection, { bytes, since: now });
    return 0;
  };
}

/** Bytes that came in, and bytes that went out to the operating system. */
function bytesMoved(socket: Socket): number {
  return socket.bytesRead + socket.bytesWritten - unsentBytes(socket);
}

/**
 * Bytes of the chunk that is being written which the operating system has not taken yet. Node tells it of the handle alone;
 * without it, a slow client that reads one large chunk would look stalled.
 */
function unsentBytes(socket: Socket): number {
  const handle: unknown = '_handle' in socket ? socket._handle : undefined;
  if (typeof handle !== 'object' || handle === null || !('writeQueueSize' in handle)) return 0;
  return typeof handle.writeQueueSize === 'number' ? handle.writeQueueSize : 0;
}
