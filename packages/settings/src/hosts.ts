import { isIP } from 'node:net';
import type { Kind } from './kinds.ts';

/** Whether a host name or address always refers to the machine that uses it. IPv6 addresses have no brackets here. */
export function isLoopbackHost(host: string): boolean {
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '::1' ||
    (isIP(host) === 4 && host.startsWith('127.'))
  );
}

/**
 * Whether a host is an IP address. DNS rebinding cannot use one, because DNS names resolve to addresses, not vice
 * versa.
 */
export function isAddress(host: string): boolean {
  return isIP(host) !== 0;
}

/** Whether an address to listen on can only be reached from this machine. */
export function listensLocally(host: string): boolean {
  return isLoopbackHost(host.toLowerCase());
}

/** The host in a URL, without port and brackets; undefined if the text is not a URL with a host. */
export function hostOfUrl(text: string): string | undefined {
  const host = URL.parse(text)?.hostname;
  return host === undefined || host === '' ? undefined : bareHost(host);
}

/** The origin of the pages at a URL; undefined if the text is not a web URL. */
export function originOfUrl(text: string): string | undefined {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) ? url.origin : undefined;
}

/** A host in the form in which hosts are compared: lower case, without the brackets of IPv6 and the last dot of DNS. */
export function bareHost(host: string): string {
  return host.toLowerCase().replace(/^\[|\]$|\.$/g, '');
}

const hostPattern = /^(?:\*|(?:\*\.)?[\w-]+(?:\.[\w-]+)*)$/;

/** Host names separated by commas. `*.example.com` matches every name below `example.com`, `*` every host. */
export const hostList: Kind<readonly string[]> = {
  rule: 'host names or IP addresses without ports, separated by commas, such as flows.example.com or *.example.com; * for any host',
  parse: (given) =>
    listOf(given, (host) =>
      hostPattern.test(host) || isAddress(bareHost(host)) ? bareHost(host) : undefined,
    ),
  schema: { type: 'string' },
};

/** Origins of pages, separated by commas. `*` matches every origin. */
export const originList: Kind<readonly string[]> = {
  rule: 'origins separated by commas, such as https://flows.example.com; * for any origin',
  parse: (given) => listOf(given, (origin) => (origin === '*' ? origin : originOf(origin))),
  schema: { type: 'string' },
};

/** The origin of a URL, if the URL names nothing more; pages of other schemes than http have origins without a port. */
function originOf(text: string): string | undefined {
  const url = URL.parse(text);
  if (url === null || url.host === '' || !/^[a-z][\w+.-]*:\/\/[^/?#@]+\/?$/i.test(text)) return undefined;
  return `${url.protocol}//${url.host}`.toLowerCase();
}

function listOf(given: string, read: (item: string) => string | undefined): readonly string[] | undefined {
  const items: string[] = [];
  for (const part of given.split(',')) {
    const text = part.trim();
    if (text === '') continue;
    const item = read(text);
    if (item === undefined) return undefined;
    items.push(item);
  }
  return items;
}
