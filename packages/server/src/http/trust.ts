import type { IncomingHttpHeaders } from 'node:http';
import { bareHost, isAddress, isLoopbackHost } from '@mintaka/settings';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { RefusedError } from '../domain/errors.ts';
import type { CallerSettings } from '../settings.ts';
import { isProbe } from './probes.ts';

const reading: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Protects a server without an API key from web pages in browsers that can reach it. Refuses requests for foreign hosts (DNS
 * rebinding), writes from pages of other origins, and admin operations for untrusted callers. Add it before all routes.
 */
export function guardCallers(app: FastifyInstance, settings: CallerSettings): void {
  app.addHook('onRequest', async (request) => {
    if (isProbe(request)) return;
    requireKnownHost(request.headers, settings);
    if (!reading.has(request.method)) requireKnownPage(request.headers, settings);
    if (request.routeOptions.config.operation?.access !== 'admin') return;
    requireTrust(request, settings);
    requireMediaType(request.headers);
  });
}

/**
 * Requires that a body of an admin operation names its media type, so that even a page in a browser that sends no origin
 * cannot send it without a preflight. Types other than JSON are refused when the body is read.
 */
function requireMediaType(headers: IncomingHttpHeaders): void {
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  if (!hasBody || headers['content-type'] !== undefined) return;
  throw new RefusedError(
    403,
    'Without an API key, admin operations take a body only with the header "Content-Type: application/json".',
  );
}

function requireKnownHost(
  headers: IncomingHttpHeaders,
  { hosts, ownHosts, anyAddress }: CallerSettings,
): void {
  const host = hostOf(headers);
  // Browsers always send a host, so a request without one does not come from a page.
  if (host === undefined || isLoopbackHost(host) || ownHosts.includes(host)) return;
  if ((anyAddress && isAddress(host)) || isAmong(hosts, host)) return;
  throw new RefusedError(
    403,
    `This server does not answer to the host name "${shown(host)}". If clients reach it by this name, add the name to MINTAKA_ALLOWED_HOSTS.`,
  );
}

function requireKnownPage(headers: IncomingHttpHeaders, settings: CallerSettings): void {
  if (mayUseApi(headers, settings)) return;
  throw new RefusedError(
    403,
    `Pages of the origin "${shown(headers.origin ?? 'unknown')}" may not use this server. To allow them, add the origin to MINTAKA_ALLOWED_ORIGINS.`,
  );
}

/**
 * Requires that a caller may see secrets and administer the server: it is on this machine and uses a loopback host, or it
 * uses a host that the operator trusts; and it is not a page of a disallowed origin.
 * @throws RefusedError 403
 */
export function requireTrust({ headers, socket }: FastifyRequest, settings: CallerSettings): void {
  requireKnownPage(headers, settings);
  const host = hostOf(headers) ?? 'localhost';
  if (isAmong(settings.hosts, host)) return;
  if (isLoopbackHost(host) && isThisMachine(socket.remoteAddress, socket.localAddress)) return;
  throw new RefusedError(
    403,
    `Without an API key, only clients on the server's own machine that use a loopback address such as http://127.0.0.1 may read secrets and use admin operations. To allow every client that uses the host name "${shown(host)}", add that name to MINTAKA_ALLOWED_HOSTS; or set MINTAKA_API_KEY.`,
  );
}

/** Whether the caller is not a page, or a page of this server, of this machine, or of an allowed origin. */
function mayUseApi(headers: IncomingHttpHeaders, { origins }: CallerSettings): boolean {
  const { origin } = headers;
  if (origin === undefined) return headers['sec-fetch-site'] !== 'cross-site';
  if (isAllowedOrigin(origin, origins)) return true;
  const url = webUrl(origin);
  if (url === undefined) return false;
  return isLoopbackHost(bareHost(url.hostname)) || url.host === withoutUsualPort(headers.host);
}

/** Whether pages of their own origin may read the answers, on a server without a key. */
export function mayRead(headers: IncomingHttpHeaders, settings: CallerSettings): boolean {
  return headers.origin !== undefined && mayUseApi(headers, settings);
}

/** Whether the operator lists an origin. */
export function isAllowedOrigin(origin: string, origins: readonly string[]): boolean {
  return origins.includes('*') || origins.includes(origin.toLowerCase());
}

function webUrl(origin: string): URL | undefined {
  const url = URL.parse(origin);
  return url !== null && /^https?:$/.test(url.protocol) ? url : undefined;
}

/** TLS may end at a proxy, so the port does not determine the scheme. */
function withoutUsualPort(host: string | undefined): string | undefined {
  return host?.toLowerCase().replace(/:(?:80|443)$/, '');
}

const hostHeader = /^(?<host>\[[\da-f:.]+\]|[\w.-]+)(?::\d*)?$/i;

/** The host in a request, without its port; a malformed header is an unknown host. */
function hostOf({ host }: IncomingHttpHeaders): string | undefined {
  return host === undefined ? undefined : bareHost(hostHeader.exec(host)?.groups?.host ?? '');
}

function isAmong(patterns: readonly string[], host: string): boolean {
  return patterns.some(
    (pattern) =>
      pattern === '*' || pattern === host || (pattern.startsWith('*.') && host.endsWith(pattern.slice(1))),
  );
}

function isThisMachine(remote: string | undefined, local: string | undefined): boolean {
  if (remote === undefined) return true;
  return remote === local || isLoopbackHost(remote.replace(/^::ffff:/, ''));
}

function shown(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
