import { Worker, WorkerFilterBody, WorkerHeartbeatBody, WorkPoolNamePath } from '@mintaka/contract';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Context } from '../../domain/context.ts';
import { filterWorkers, recordHeartbeat } from '../../domain/work/workers.ts';
import { done, type EndpointOptions, endpoints, ok } from '../endpoint.ts';

/** Adds the operations on the workers of one work pool. */
export function addWorkerRoutes(app: FastifyInstance, options: EndpointOptions, context: Context): void {
  const { post } = endpoints(app, options, 'Work Pools');

  post('/work_pools/:work_pool_name/workers/heartbeat', {
    summary: 'Note that a worker is alive',
    params: WorkPoolNamePath,
    body: WorkerHeartbeatBody,
    refuses: [404],
    responses: { 204: undefined },
    handler: async ({ params, body }) => {
      await recordHeartbeat(context, params.work_pool_name, body.name);
      return done;
    },
  });
  post('/work_pools/:work_pool_name/workers/filter', {
    summary: 'List the workers of a work pool, the liveliest first',
    params: WorkPoolNamePath,
    body: WorkerFilterBody,
    bodyOptional: true,
    limited: true,
    refuses: [404],
    responses: { 200: z.array(Worker) },
    handler: async ({ params, body }) => ok(await filterWorkers(context, params.work_pool_name, body)),
  });
}
