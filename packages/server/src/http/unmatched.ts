import { trimmedEnd } from '@mintaka/contract';
import type { FastifyInstance } from 'fastify';
import { sendAnswer } from './send-answer.ts';
import { urlParts } from './url-parts.ts';

/**
 * Answers requests that match no route: 405 if the path exists with another method, a redirect if it exists with or without a
 * trailing slash, otherwise 404.
 */
export function addUnmatched(app: FastifyInstance): void {
  const patterns: RegExp[] = [];
  app.addHook('onRoute', (route) => {
    patterns.push(patternOf(route.url));
  });
  app.setNotFoundHandler((request, reply) => {
    const { path, query } = urlParts(request.url);
    const isKnown = (candidate: string) => patterns.some((pattern) => pattern.test(candidate));
    if (isKnown(path) || (isOutsideApi(path) && !isReading(request.method))) {
      return sendAnswer(reply, { status: 405, value: { detail: 'Method Not Allowed' } });
    }
    const other = path.endsWith('/') ? trimmedEnd(path, '/') : `${path}/`;
    if (path !== '/' && isKnown(other)) {
      return reply
        .code(307)
        .header('location', `${relativePath(path, other)}${query}`)
        .send();
    }
    return sendAnswer(reply, { status: 404, value: { detail: 'Not Found' } });
  });
}

// Everything outside the API belongs to the pages, which are read-only.
function isOutsideApi(path: string): boolean {
  return !path.startsWith('/api/');
}

function isReading(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

/**
 * The relative URL from a path to the same one with or without trailing slashes. It is relative because a proxy may have
 * changed scheme, host and prefix, so only the client knows them.
 */
function relativePath(from: string, to: string): string {
  const last = trimmedEnd(to, '/').split('/').at(-1) ?? '';
  if (to.endsWith('/')) return `./${last}/`;
  return `${'../'.repeat(from.length - to.length)}${last}`;
}

function patternOf(url: string): RegExp {
  return new RegExp(`^${url.split('/').map(partPattern).join('/')}$`);
}

/** `:name` matches any part, `:name(...)` one that matches the expression in brackets. */
function partPattern(part: string): string {
  if (!part.startsWith(':')) return RegExp.escape(part);
  if (!part.endsWith(')')) return '[^/]+';
  return part.slice(part.indexOf('(') + 1, -1).replace(/^\^|\$$/g, '');
}
