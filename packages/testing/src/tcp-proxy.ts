import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** What happens to a chunk of data: it is forwarded, dropped, or its connection is cut. */
export type Fate = 'forward' | 'swallow' | 'cut';

/** A chunk of data in transit. */
export type Piece = { from: 'client' | 'server'; data: Buffer };

/** A proxy between clients and one server, with which a test breaks connections as networks do. */
export type TcpProxy = {
  /** The same URL, through the proxy. */
  through(url: string): string;
  /** Cuts all connections; new ones work. */
  cutAll(): void;
  /** Cuts each open connection as soon as its client sends something; new ones work. */
  cutOnUse(): void;
  /** From now on nothing arrives on the connections that are open; new ones work. */
  silenceAll(): void;
  /** Stops accepting connections, and cuts open ones. */
  refuse(): Promise<void>;
  /** Accepts connections again. */
  accept(): Promise<void>;
  /** Sets a function that decides about each chunk; undefined forwards everything. */
  decide(fate: ((piece: Piece) => Fate) | undefined): void;
  /** Writes to all clients as if the server had. */
  inject(data: Buffer): void;
  close(): Promise<void>;
};

type Pair = { client: Socket; server: Socket; silent: boolean; cutOnUse: boolean };

/** Starts a proxy to the server of a URL. */
export async function startTcpProxy(target: string): Promise<TcpProxy> {
  const { hostname, port } = new URL(target);
  const pairs = new Set<Pair>();
  let decide: ((piece: Piece) => Fate) | undefined;
  let server = createServer(accept);
  await listen(server, 0);
  const { port: ownPort } = addressOf(server);

  function accept(client: Socket): void {
    const pair = { client, server: connect(Number(port), hostname), silent: false, cutOnUse: false };
    pairs.add(pair);
    const end = () => cut(pair);
    for (const [from, socket, other] of [
      ['client', client, pair.server],
      ['server', pair.server, client],
    ] as const) {
      socket.setNoDelay(true);
      socket.on('error', end);
      socket.on('close', end);
      socket.on('data', (data: Buffer) => pass(pair, { from, data }, other));
    }
  }

  function pass(pair: Pair, piece: Piece, to: Socket): void {
    const ownFate = pair.cutOnUse && piece.from === 'client' ? 'cut' : decide?.(piece);
    const fate = pair.silent ? 'swallow' : (ownFate ?? 'forward');
    switch (fate) {
      case 'forward':
        to.write(piece.data);
        return;
      case 'swallow':
        return;
      case 'cut':
        cut(pair);
        return;
    }
  }

  function cut(pair: Pair): void {
    // A silent connection is cut on both sides: neither side notices that the other one has closed.
    if (pair.silent) return;
    pairs.delete(pair);
    pair.client.destroy();
    pair.server.destroy();
  }

  return {
    through: (url) => {
      const changed = new URL(url);
      changed.hostname = '127.0.0.1';
      changed.port = String(ownPort);
      return changed.href;
    },
    cutAll: () => {
      for (const pair of pairs) cut(pair);
    },
    cutOnUse: () => {
      for (const pair of pairs) pair.cutOnUse = true;
    },
    silenceAll: () => {
      for (const pair of pairs) pair.silent = true;
    },
    refuse: async () => {
      server.close();
      for (const pair of pairs) cut(pair);
    },
    accept: async () => {
      server = createServer(accept);
      await listen(server, ownPort);
    },
    decide: (fate) => {
      decide = fate;
    },
    inject: (data) => {
      for (const { client } of pairs) client.write(data);
    },
    close: async () => {
      server.close();
      for (const { client, server: upstream } of pairs) {
        client.destroy();
        upstream.destroy();
      }
    },
  };
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
}

/** The address of a server that listens on a port. */
function addressOf(server: Server): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy listens on no port');
  return address;
}
