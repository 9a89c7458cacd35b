import type { ServerOptions } from 'node:http';
import type { ServerSettings } from '../settings.ts';

/** Timeouts of connections for Fastify and for Node's server, in milliseconds. */
export type ConnectionTimes = {
  keepAliveTimeout: number;
  requestTimeout: number;
  http: ServerOptions;
};

/** The settings about slow clients in the words of Fastify and Node. */
export function connectionTimes({ keepAliveTimeout, timeouts }: ServerSettings): ConnectionTimes {
  const milliseconds = (seconds: number) => Math.round(seconds * 1000);
  return {
    // Both interpret 0 as their own default.
    keepAliveTimeout: Math.max(1, milliseconds(keepAliveTimeout)),
    requestTimeout: milliseconds(timeouts.request),
    http: {
      requestTimeout: milliseconds(timeouts.request),
      headersTimeout: headersTimeout(timeouts),
      connectionsCheckingInterval: Math.max(1, milliseconds(timeouts.checkInterval)),
      // Names in paths may be long: the reference accepts paths of more than 60,000 bytes, and Node's default limit is 16
      // KiB.
      maxHeaderSize: 128 * 1024,
    },
  };

  // Node requires that the timeout for the headers does not exceed the one for the whole request.
  function headersTimeout({ headers, request }: ServerSettings['timeouts']): number {
    if (request === 0) return milliseconds(headers);
    return milliseconds(headers === 0 ? request : Math.min(headers, request));
  }
}
