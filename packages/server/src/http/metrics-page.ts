import type { FastifyInstance } from 'fastify';
import type { Context } from '../domain/context.ts';
import { TemporaryDatabaseError } from '../domain/errors.ts';
import { type WaitingRuns, waitingRuns } from '../domain/runs/waiting-runs.ts';

/** An answer that was sent. */
export type AnsweredRequest = {
  method: string;
  /** The pattern of the route (`/api/flows/:id`), never the path: there are few patterns. */
  route: string;
  status: number;
  /** From the first line of the request to the last byte of the answer. */
  seconds: number;
};

/** Records metrics of requests, and renders all metrics. */
export type HttpMetrics = {
  answered(request: AnsweredRequest): void;
  /** All metrics in Prometheus' text format. `waiting` is undefined if the database did not respond. */
  page(waiting: WaitingRuns | undefined): Promise<{ type: string; text: string }>;
};

/** The route of a request that matched none. */
const noRoute = 'none';

/** Measures every request, and adds `GET /metrics`. Add it before all routes. */
export function addMetrics(app: FastifyInstance, context: Context, metrics: HttpMetrics): void {
  app.addHook('onResponse', async (request, reply) => {
    metrics.answered({
      method: request.method,
      route: request.routeOptions.url ?? noRoute,
      status: reply.statusCode,
      seconds: reply.elapsedTime / 1000,
    });
  });
  app.get('/metrics', async (request, reply) => {
    // If the database is unavailable the count is missing, but the other metrics are especially useful then.
    const waiting = await waitingRuns(context).catch((error: unknown) => {
      if (error instanceof TemporaryDatabaseError) return undefined;
      request.log.warn({ err: error }, 'could not count the waiting runs');
      return undefined;
    });
    const { type, text } = await metrics.page(waiting);
    return reply.type(type).send(text);
  });
}
