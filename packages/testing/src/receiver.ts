import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that arrived. */
export type Received = { method: string; url: string; headers: Record<string, unknown>; body: string };

/** A web server on the loopback interface that records what it receives. */
export type Receiver = {
  url: string;
  received: Received[];
  /** Resolves when this many requests have arrived in total. */
  until(count: number): Promise<void>;
  close(): Promise<void>;
};

/** Starts a receiver; `status` returns the status for a request. */
export async function startReceiver(status: (request: Received) => number = () => 200): Promise<Receiver> {
  const received: Received[] = [];
  const waiting = new Set<() => void>();
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    const { method = '', url = '', headers } = request;
    const whole = { method, url, headers: { ...headers }, body };
    received.push(whole);
    response.writeHead(status(whole)).end('seen');
    for (const look of waiting) look();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A TCP server's address is an object.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    until: (count) =>
      new Promise((resolve) => {
        const look = () => {
          if (received.length < count) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
