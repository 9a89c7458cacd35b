import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A proxy that loses answers. */
export type LosingProxy = {
  url: string;
  /** The requests whose answers it has lost so far, as `POST /api/flows/`. */
  lost(): readonly string[];
  close(): void;
};

/**
 * Starts a proxy that forwards requests. For the first of several equal writes, it breaks the connection to the server as
 * soon as the server has the whole request. If the server was faster, its answer is forwarded, otherwise the client's
 * connection breaks too.
 */
export async function startLosingProxy(target: string): Promise<LosingProxy> {
  const { hostname, port } = new URL(target);
  const seen = new Set<string>();
  const lost: string[] = [];

  async function pass(incoming: IncomingMessage): Promise<void> {
    const { method = 'GET', url = '/', socket } = incoming;
    const body = await buffer(incoming);
    const key = createHash('sha256').update(`${method} ${url} `).update(body).digest('hex');
    const isFirst = writes(method, url) && !seen.has(key);
    seen.add(key);
    const upstream = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    const whole = Buffer.concat([headOf(incoming, body.length), body]);
    if (isFirst) upstream.end(whole);
    else upstream.write(whole);
    const answer = await buffer(upstream).catch(() => Buffer.alloc(0));
    upstream.destroy();
    if (answer.length > 0) {
      socket.end(answer);
      return;
    }
    if (isFirst) lost.push(`${method} ${url}`);
    socket.destroy();
  }

  const server = createServer((incoming) => {
    pass(incoming).catch(() => incoming.socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy listens on no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    lost: () => lost,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** The original headers of a request, for a separate connection and an unchunked body. */
function headOf({ method, url, rawHeaders }: IncomingMessage, length: number): Buffer {
  const lines = [`${method} ${url} HTTP/1.1`];
  for (let place = 0; place < rawHeaders.length; place += 2) {
    const name = rawHeaders[place] ?? '';
    if (/^(connection|content-length|transfer-encoding)$/i.test(name)) continue;
    lines.push(`${name}: ${rawHeaders[place + 1]}`);
  }
  lines.push(`content-length: ${length}`, 'connection: close', '', '');
  return Buffer.from(lines.join('\r\n'), 'latin1');
}

function writes(method: string, url: string): boolean {
  return method !== 'GET' && !/\/(filter|count|history|get_runs|get_scheduled_flow_runs)$/.test(url);
}
