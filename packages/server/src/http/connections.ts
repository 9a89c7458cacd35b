import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** An open connection. */
export type Connection = {
  readonly socket: Socket;
  /** Its newest request, with the response; undefined before the first request. */
  exchange: { request: IncomingMessage; response: ServerResponse } | undefined;
};

/**
 * The phase of a connection. `receiving`: its request is not complete; a new connection is receiving its first request.
 * `answering`: the request is complete, and the operating system has not accepted the whole answer. `idle`: neither.
 */
export type Phase = 'receiving' | 'answering' | 'idle';

/** Tracks the open connections of a server. Call it before the server listens. */
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

/** The current phase of a connection. */
export function phaseOf({ exchange }: Connection): Phase {
  if (exchange === undefined || !exchange.request.complete) return 'receiving';
  return exchange.response.writableFinished ? 'idle' : 'answering';
}

/** Whether the request is complete and the answer has not begun: the client can only wait. */
export function isBeingHandled(connection: Connection): boolean {
  return phaseOf(connection) === 'answering' && connection.exchange?.response.headersSent === false;
}

/**
 * Returns how many milliseconds ago a connection last transferred a byte in either direction, as far as its calls can
 * observe.
 */
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

/** Bytes received, plus bytes accepted by the operating system. */
function bytesMoved(socket: Socket): number {
  return socket.bytesRead + socket.bytesWritten - unsentBytes(socket);
}

/**
 * Bytes of the current chunk that the operating system has not accepted yet. Node exposes this only on the handle. Without
 * it, a client that slowly reads one large chunk would look stalled.
 */
function unsentBytes(socket: Socket): number {
  const handle: unknown = '_handle' in socket ? socket._handle : undefined;
  if (typeof handle !== 'object' || handle === null || !('writeQueueSize' in handle)) return 0;
  return typeof handle.writeQueueSize === 'number' ? handle.writeQueueSize : 0;
}
