import { Agent, request } from 'node:http';
import { redirectTarget } from '../support/redirect.ts';
import type { Identities, Side } from './identities.ts';
import { type Json, parseJson, type Sendable } from './json.ts';

/** A request in terms of pairs: `⟦7⟧` in its path or body stands for the id on either server. */
export type LogicalRequest = {
  method: string;
  /** Path and query under `/api`, starting with a slash. */
  path: string;
  body?: Sendable;
  /** A body that is not JSON, sent as it is; takes precedence over `body`. */
  rawBody?: string;
  headers?: Record<string, string>;
};

/** The answer of a server; status 0 if it did not answer in half a minute. */
export type Answer = {
  status: number;
  contentType: string;
  /** The target of a redirect: a path, if it stays on the server. */
  location: string;
  text: string;
  /** The parsed body, if it is JSON. */
  json: Json | undefined;
};

const agent = new Agent({ keepAlive: true, timeout: 4_000 });

/** Sends a request to one server. Retries once if the connection was closed. */
export async function send(
  logical: LogicalRequest,
  server: { url: string },
  side: Side,
  identities: Identities,
): Promise<Answer> {
  const body = logical.rawBody ?? (logical.body === undefined ? undefined : JSON.stringify(logical.body));
  const rendered = body === undefined ? undefined : identities.render(body, side);
  const url = new URL(`${server.url}/api${identities.render(logical.path, side)}`);
  const headers = {
    ...(rendered === undefined ? {} : { 'content-type': 'application/json' }),
    ...logical.headers,
  };
  try {
    return await exchange(url, logical.method, headers, rendered);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ECONNRESET')) throw error;
    return exchange(url, logical.method, headers, rendered);
  }
}

function exchange(
  url: URL,
  method: string,
  headers: Record<string, string>,
  body: string | undefined,
): Promise<Answer> {
  const length = body === undefined ? {} : { 'content-length': `${Buffer.byteLength(body)}` };
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers: { ...headers, ...length }, agent }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.once('error', reject);
      incoming.once('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({
          status: incoming.statusCode ?? 0,
          contentType: incoming.headers['content-type'] ?? '',
          location: redirectTarget(incoming.headers.location, url),
          text,
          json: parseJson(text),
        });
      });
    });
    outgoing.setTimeout(30_000, () => {
      resolve({
        status: 0,
        contentType: '',
        location: '',
        text: 'no answer within 30 seconds',
        json: undefined,
      });
      outgoing.destroy();
    });
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}
