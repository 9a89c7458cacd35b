import {
  WorkPoolNamePath,
  WorkPoolQueueFilterBody,
  WorkPoolQueuePath,
  WorkQueue,
  WorkQueueCreate,
  WorkQueueUpdate,
} from '@mintaka/contract';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Context } from '../../domain/context.ts';
import {
  createPoolQueue,
  deletePoolQueue,
  filterPoolQueues,
  type QueuePlace,
  readPoolQueue,
  updatePoolQueue,
} from '../../domain/work/pool-queues.ts';
import { done, type EndpointOptions, endpoints, ok } from '../endpoint.ts';

/** Adds the operations on the queues of one work pool. */
export function addPoolQueueRoutes(app: FastifyInstance, options: EndpointOptions, context: Context): void {
  const { get, post, patch, del } = endpoints(app, options, 'Work Pools');

  post('/work_pools/:work_pool_name/queues', {
    summary: 'Create a queue in a work pool',
    params: WorkPoolNamePath,
    body: WorkQueueCreate,
    refuses: [404, 409],
    responses: { 201: WorkQueue },
    handler: async ({ params, body }) => ({
      status: 201,
      value: await createPoolQueue(context, params.work_pool_name, body),
    }),
  });
  get('/work_pools/:work_pool_name/queues/:name', {
    summary: 'Read a queue of a work pool',
    params: WorkPoolQueuePath,
    refuses: [404],
    responses: { 200: WorkQueue },
    handler: async ({ params }) => ok(await readPoolQueue(context, placeOf(params))),
  });
  post('/work_pools/:work_pool_name/queues/filter', {
    summary: 'List the queues of a work pool by priority',
    params: WorkPoolNamePath,
    body: WorkPoolQueueFilterBody,
    bodyOptional: true,
    limited: true,
    refuses: [404],
    responses: { 200: z.array(WorkQueue) },
    handler: async ({ params, body }) => ok(await filterPoolQueues(context, params.work_pool_name, body)),
  });
  patch('/work_pools/:work_pool_name/queues/:name', {
    summary: 'Change a queue of a work pool',
    params: WorkPoolQueuePath,
    body: WorkQueueUpdate,
    refuses: [404, 409],
    responses: { 204: undefined },
    handler: async ({ params, body }) => {
      await updatePoolQueue(context, placeOf(params), body);
      return done;
    },
  });
  del('/work_pools/:work_pool_name/queues/:name', {
    summary: 'Delete a queue of a work pool',
    params: WorkPoolQueuePath,
    refuses: [404, 409],
    responses: { 204: undefined },
    handler: async ({ params }) => {
      await deletePoolQueue(context, placeOf(params));
      return done;
    },
  });
}

function placeOf({ work_pool_name, name }: WorkPoolQueuePath): QueuePlace {
  return { pool: work_pool_name, queue: name };
}
