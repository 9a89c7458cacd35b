import { isIP } from 'node:net';
import { trimmedEnd } from '@mintaka/contract/text-search';
import type { Kind } from './kinds.ts';

/** A host in a URL: an IPv6 address has brackets there. */
export function urlHost(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host;
}

/** The URL of a server, without a trailing slash. `basePath` is empty, or begins with a slash. */
export function serverUrl({
  host,
  port,
  basePath,
}: {
  host: string;
  port: number;
  basePath: string;
}): string {
  return `http://${urlHost(host)}:${port}${basePath}`;
}

/** A URL, or the path of one, without slashes at its end, so that a path can be appended. */
export function withoutLastSlash(url: string): string {
  return trimmedEnd(url, '/');
}

/** The URL of a server's pages, derived from the URL of its API: one level above it. */
export function pagesUrl(apiUrl: string): string {
  const url = withoutLastSlash(apiUrl);
  return url.endsWith('/api') ? url.slice(0, -'/api'.length) : url;
}

/** Whether a text is an http or https URL. */
export function isWebUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol);
}

/** The URL of a server or of its pages; an empty text means no URL. */
export const webUrl: Kind<string> = {
  rule: 'a URL that begins with http:// or https://',
  parse: (given) => (given === '' || isWebUrl(given) ? given : undefined),
  schema: { type: 'string' },
};

/** An address to listen on, IPv6 with or without brackets. */
export const listeningHost: Kind<string> = {
  rule: 'a host name or an IP address without a port, such as 127.0.0.1, 0.0.0.0 or ::1',
  parse: (given) => {
    const bracketed = /^\[([^\]]*)\]$/.exec(given)?.[1];
    if (bracketed !== undefined) return isIP(bracketed) === 6 ? bracketed : undefined;
    return isIP(given) !== 0 || /^[\w.-]+$/.test(given) ? given : undefined;
  },
  schema: { type: 'string' },
};

/** The path below which a server is reached, without a trailing slash; empty for the root. */
export const basePath: Kind<string> = {
  rule: 'a path such as /tools/mintaka, made of letters, digits and . _ ~ -',
  parse: (given) => {
    const path = withoutLastSlash(given);
    return path === '' || /^(?:\/[\w.~-]+)+$/.test(path) ? path : undefined;
  },
  schema: { type: 'string' },
};
