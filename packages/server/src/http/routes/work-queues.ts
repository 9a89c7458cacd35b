import {
  FlowRunResponse,
  IdPath,
  NamePath,
  WorkQueue,
  WorkQueueCreate,
  WorkQueueFilterBody,
  WorkQueueRunsBody,
  WorkQueueStatusDetail,
  WorkQueueUpdate,
} from '@mintaka/contract';
import { boolean, parameters } from '@mintaka/contract/wire';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Context } from '../../domain/context.ts';
import type { PollRecorder } from '../../domain/work/poll-recorder.ts';
import { pollWorkQueue } from '../../domain/work/queue-polls.ts';
import {
  createWorkQueue,
  deleteWorkQueue,
  filterWorkQueues,
  readWorkQueue,
  readWorkQueueByName,
  readWorkQueueStatus,
  updateWorkQueue,
} from '../../domain/work/work-queues.ts';
import { done, type EndpointOptions, endpoints, ok } from '../endpoint.ts';

/** Pages look into queues by the same request with which agents poll them, and say so. */
const LookHeaders = parameters('LookHeaders', { 'x-prefect-ui': boolean().default(false) });

/** Adds the operations on work queues, whatever their pool. */
export function addWorkQueueRoutes(
  app: FastifyInstance,
  options: EndpointOptions,
  context: Context,
  recorder: PollRecorder,
): void {
  const { get, post, patch, del } = endpoints(app, options, 'Work Queues');

  post('/work_queues/', {
    summary: 'Create a work queue in the default work pool',
    body: WorkQueueCreate,
    refuses: [409],
    responses: { 201: WorkQueue },
    handler: async ({ body }) => ({ status: 201, value: await createWorkQueue(context, body) }),
  });
  get('/work_queues/:id', {
    summary: 'Read a work queue',
    params: IdPath,
    refuses: [404],
    responses: { 200: WorkQueue },
    handler: async ({ params }) => ok(await readWorkQueue(context, params.id)),
  });
  get('/work_queues/name/:name', {
    summary: 'Read a work queue of the default work pool by its name',
    params: NamePath,
    refuses: [404],
    responses: { 200: WorkQueue },
    handler: async ({ params }) => ok(await readWorkQueueByName(context, params.name)),
  });
  get('/work_queues/:id/status', {
    summary: 'Read how a work queue fares',
    params: IdPath,
    refuses: [404],
    responses: { 200: WorkQueueStatusDetail },
    handler: async ({ params }) => ok(await readWorkQueueStatus(context, params.id)),
  });
  post('/work_queues/:id/get_runs', {
    summary: 'Read the next flow runs of a work queue',
    params: IdPath,
    headers: LookHeaders,
    body: WorkQueueRunsBody,
    bodyOptional: true,
    limited: true,
    refuses: [404],
    responses: { 200: z.array(FlowRunResponse) },
    handler: async ({ params, headers, body, request, reply }) => {
      const poll = { queueId: params.id, body, isLook: headers['x-prefect-ui'] };
      const runs = await pollWorkQueue(context, recorder.by(request.id), poll);
      if (!poll.isLook) context.observer.pollAnswered('work_queue', reply.elapsedTime / 1000, runs.length);
      return ok(runs);
    },
  });
  post('/work_queues/filter', {
    summary: 'List work queues',
    body: WorkQueueFilterBody,
    bodyOptional: true,
    limited: true,
    responses: { 200: z.array(WorkQueue) },
    handler: async ({ body }) => ok(await filterWorkQueues(context, body)),
  });
  patch('/work_queues/:id', {
    summary: 'Change a work queue',
    params: IdPath,
    body: WorkQueueUpdate,
    refuses: [404, 409],
    responses: { 204: undefined },
    handler: async ({ params, body }) => {
      await updateWorkQueue(context, params.id, body);
      return done;
    },
  });
  del('/work_queues/:id', {
    summary: 'Delete a work queue',
    params: IdPath,
    refuses: [404, 409],
    responses: { 204: undefined },
    handler: async ({ params }) => {
      await deleteWorkQueue(context, params.id);
      return done;
    },
  });
}
