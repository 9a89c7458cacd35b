import {
  NamePath,
  WorkerFlowRunResponse,
  WorkPool,
  WorkPoolCreate,
  WorkPoolFilterBody,
  WorkPoolRunsBody,
  WorkPoolUpdate,
} from '@mintaka/contract';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Context } from '../../domain/context.ts';
import type { PollRecorder } from '../../domain/work/poll-recorder.ts';
import { createPoolPolls } from '../../domain/work/pool-polls.ts';
import {
  createWorkPool,
  deleteWorkPool,
  filterWorkPools,
  readWorkPool,
  updateWorkPool,
} from '../../domain/work/work-pools.ts';
import { done, type EndpointOptions, endpoints, ok } from '../endpoint.ts';

/** Adds the operations on work pools. */
export function addWorkPoolRoutes(
  app: FastifyInstance,
  options: EndpointOptions,
  context: Context,
  recorder: PollRecorder,
): void {
  const { get, post, patch, del } = endpoints(app, options, 'Work Pools');
  const pollWorkPool = createPoolPolls(context);

  post('/work_pools/', {
    summary: 'Create a work pool with its default queue',
    body: WorkPoolCreate,
    refuses: [403, 409],
    responses: { 201: WorkPool },
    handler: async ({ body }) => ({ status: 201, value: await createWorkPool(context, body) }),
  });
  get('/work_pools/:name', {
    summary: 'Read a work pool',
    params: NamePath,
    refuses: [404],
    responses: { 200: WorkPool },
    handler: async ({ params }) => ok(await readWorkPool(context, params.name)),
  });
  post('/work_pools/filter', {
    summary: 'List work pools',
    body: WorkPoolFilterBody,
    bodyOptional: true,
    limited: true,
    responses: { 200: z.array(WorkPool) },
    handler: async ({ body }) => ok(await filterWorkPools(context, body)),
  });
  post('/work_pools/:name/get_scheduled_flow_runs', {
    summary: 'Read the next flow runs of a work pool',
    params: NamePath,
    body: WorkPoolRunsBody,
    bodyOptional: true,
    limited: true,
    refuses: [404],
    responses: { 200: z.array(WorkerFlowRunResponse) },
    handler: async ({ params, body, request, reply }) => {
      const runs = await pollWorkPool(recorder.by(request.id), params.name, body);
      context.observer.pollAnswered('work_pool', reply.elapsedTime / 1000, runs.length);
      return ok(runs);
    },
  });
  patch('/work_pools/:name', {
    summary: 'Change a work pool',
    params: NamePath,
    body: WorkPoolUpdate,
    refuses: [403, 404, 409],
    responses: { 204: undefined },
    handler: async ({ params, body }) => {
      await updateWorkPool(context, params.name, body);
      return done;
    },
  });
  del('/work_pools/:name', {
    summary: 'Delete a work pool with its queues and workers',
    params: NamePath,
    refuses: [403, 404, 409],
    responses: { 204: undefined },
    handler: async ({ params }) => {
      await deleteWorkPool(context, params.name);
      return done;
    },
  });
}
