import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request as forward } from 'node:http';
import { createServer, request } from 'node:https';
import { text } from 'node:stream/consumers';

const read = (name: string) => readFileSync(new URL(`tls/${name}.pem`, import.meta.url));
const certificate = read('certificate');
/** The host name that the certificate is for. */
const host = 'flows.example.com';

/** An answer, and its final URL. */
export type ProxiedAnswer = { url: URL; status: number; location: string | undefined; body: string };

/** A proxy that ends TLS and serves a server below a path. */
export type TlsProxy = {
  /** The path below which clients see the server, without a trailing slash. */
  base: string;
  /** Requests a URL, which can be relative to `base`. */
  get(url: string | URL): Promise<ProxiedAnswer>;
  close(): void;
};

/** Starts a proxy for the server at a port of this machine. `strips` sets whether it removes the path. */
export async function startTlsProxy(
  port: number,
  { path, strips }: { path: string; strips: boolean },
): Promise<TlsProxy> {
  const proxy = createServer({ cert: certificate, key: read('key') }, (incoming, answer) => {
    const { url = '/', method, headers } = incoming;
    if (url !== path && !url.startsWith(`${path}/`)) {
      answer.writeHead(502).end();
      return;
    }
    const target = strips ? url.slice(path.length) || '/' : url;
    const outgoing = forward({
      port,
      path: target,
      method,
      headers: { ...headers, 'x-forwarded-proto': 'https', 'x-forwarded-prefix': path },
    });
    outgoing.once('response', (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    incoming.pipe(outgoing);
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const address = proxy.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port was given');
  const base = `https://${host}:${address.port}${path}`;
  return {
    base,
    get: async (wanted) => {
      const url = new URL(wanted, `${base}/`);
      if (url.origin !== new URL(base).origin) throw new Error(`${url} leads away from the proxy`);
      const asked = request(url, {
        ca: certificate,
        lookup: (_host, _options, done) => done(null, [{ address: '127.0.0.1', family: 4 }]),
      });
      asked.end();
      const [answer] = await once(asked, 'response');
      const { statusCode, headers } = answer;
      return { url, status: statusCode, location: headers.location, body: await text(answer) };
    },
    close: () => {
      proxy.closeAllConnections();
      proxy.close();
    },
  };
}
