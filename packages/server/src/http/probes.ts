import type { Operation } from '@mintaka/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Whether an operation is a public probe, which only reports that the server is up or ready. */
function isProbeOperation(operation: Operation | undefined): boolean {
  return operation?.access === 'public';
}

/** Whether a request is a probe, as load balancers send it. Probes need no API key and may use any host name. */
export function isProbe({ routeOptions }: Pick<FastifyRequest, 'routeOptions'>): boolean {
  return isProbeOperation(routeOptions.config.operation);
}

/**
 * Answers HEAD on the probe paths like GET without a body, for load balancers. Other operations of the API answer 405 to
 * HEAD, as the reference does. Add it before the routes.
 */
export function addHeadProbes(app: FastifyInstance): void {
  app.addHook('onRoute', ({ method, url, handler, config }) => {
    if (method !== 'GET' || !isProbeOperation(config?.operation)) return;
    app.route({ method: 'HEAD', url, handler, config: { ...config } });
  });
}
