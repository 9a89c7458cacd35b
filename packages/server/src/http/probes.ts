import type { Operation } from '@mintaka/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Whether an operation is open to everybody: it says that the server is up or ready, and nothing else. */
function isProbeOperation(operation: Operation | undefined): boolean {
  return operation?.access === 'public';
}

/**
 * Whether a request only asks whether the server is up or ready, as load balancers do. Such requests need no API key and may
 * name any host.
 */
export function isProbe({ routeOptions }: Pick<FastifyRequest, 'routeOptions'>): boolean {
  return isProbeOperation(routeOptions.config.operation);
}

/**
 * Answers HEAD on the probe paths as GET without a body; load balancers send it. Other operations of the API answer 405 to
 * HEAD, as the reference does. Add it before the routes.
 */
export function addHeadProbes(app: FastifyInstance): void {
  app.addHook('onRoute', ({ method, url, handler, config }) => {
    if (method !== 'GET' || !isProbeOperation(config?.operation)) return;
    app.route({ method: 'HEAD', url, handler, config: { ...config } });
  });
}
