import { Agent, request } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** A raw request. */
export type WireRequest = {
  method: string;
  /** The whole path, with the query, encoded or deliberately not. */
  path: string;
  headers: Record<string, string>;
  body: Buffer | undefined;
};

/** The answer. */
export type WireAnswer = { status: number; headers: NodeJS.Dict<string | string[]>; body: Buffer };

/** Sends requests to one server. */
export type Sender = {
  send(wire: WireRequest): Promise<WireAnswer>;
  close(): void;
};

/** The timeout of an answer, in milliseconds: far longer than any answer takes. */
const patience = 60_000;

/** Opens keep-alive connections to a server. */
export function openSender(url: string): Sender {
  const { hostname, port } = new URL(url);
  const agent = new Agent({ keepAlive: true });
  return {
    send: ({ method, path, headers, body }) =>
      new Promise((resolve, reject) => {
        const sent = request(
          { hostname, port, agent, method, path, headers, signal: AbortSignal.timeout(patience) },
          (answer) => {
            buffer(answer).then((received) => {
              resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: received });
            }, reject);
          },
        );
        sent.on('error', reject);
        sent.end(body);
      }),
    close: () => agent.destroy(),
  };
}
