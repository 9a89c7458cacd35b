import type { FastifyInstance, FastifyRequest } from 'fastify';

/** The paths that load balancers ask. Their answers say that the server is up or ready, and nothing else. */
const probePaths: ReadonlySet<string> = new Set(['/api/health', '/api/ready']);

/** Whether a path, without its query, is one of the probes. */
export function isProbePath(path: string): boolean {
  return probePaths.has(path);
}

/** Whether a request only asks whether the server is up or ready. Such requests need no API key and may name any host. */
export function isProbe({ method, url }: Pick<FastifyRequest, 'method' | 'url'>): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false;
  const query = url.indexOf('?');
  return isProbePath(query === -1 ? url : url.slice(0, query));
}

/**
 * Answers HEAD on the probe paths as GET without a body; load balancers send it. Other operations of the API answer 405 to
 * HEAD, as the reference does. Add it before the routes.
 */
export function addHeadProbes(app: FastifyInstance): void {
  app.addHook('onRoute', ({ method, url, handler }) => {
    if (method === 'GET' && isProbePath(url)) app.route({ method: 'HEAD', url, handler });
  });
}
