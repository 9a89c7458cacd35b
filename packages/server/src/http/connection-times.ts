import type { ServerOptions } from 'node:http';
import type { ServerSettings } from '../settings.ts';

/** How long connections may take, for Fastify and for Node's server below it, in milliseconds. */
export type ConnectionTimes = {
  keepAliveTimeout: number;
  requestTimeout: number;
  http: ServerOptions;
};

/** The settings about slow clients in the words of Fastify and Node. */
export function connectionTimes({ keepAliveTimeout, timeouts }: ServerSettings): ConnectionTimes {
  const milliseconds = (seconds: number) => Math.round(seconds * 1000);
  return {
    // To both of them, 0 would mean their own default.
    keepAliveTimeout: Math.max(1, milliseconds(keepAliveTimeout)),
    requestTimeout: milliseconds(timeouts.request),
    http: {
      requestTimeout: milliseconds(timeouts.request),
      headersTimeout: headersTimeout(timeouts),
      connectionsCheckingInterval: Math.max(1, milliseconds(timeouts.checkInterval)),
      // Names in paths may be long: the reference takes paths of more than 60,000 bytes, and Node's own limit is 16 KiB.
      maxHeaderSize: 128 * 1024,
    },
  };

  // Node refuses to give the head of a request more time than the whole of it.
  function headersTimeout({ headers, request }: ServerSettings['timeouts']): number {
    if (request === 0) return milliseconds(headers);
    return milliseconds(headers === 0 ? request : Math.min(headers, request));
  }
}
