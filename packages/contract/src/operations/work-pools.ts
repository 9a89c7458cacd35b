import * as z from 'zod';
import {
  NamePath,
  WorkerFlowRunResponse,
  WorkPool,
  WorkPoolCreate,
  WorkPoolFilterBody,
  WorkPoolRunsBody,
  WorkPoolUpdate,
} from '../schemas/index.ts';
import type { Resource } from './operation.ts';

const tag = 'Work Pools';

/** The operations on work pools. */
export const workPools = {
  create: {
    method: 'POST',
    path: '/work_pools/',
    summary: 'Create a work pool with its default queue',
    tag,
    access: 'write',
    body: WorkPoolCreate,
    refuses: [403, 409],
    responses: { 201: WorkPool },
  },
  read: {
    method: 'GET',
    path: '/work_pools/:name',
    summary: 'Read a work pool',
    tag,
    access: 'read',
    params: NamePath,
    refuses: [404],
    responses: { 200: WorkPool },
  },
  filter: {
    method: 'POST',
    path: '/work_pools/filter',
    summary: 'List work pools',
    tag,
    access: 'read',
    body: WorkPoolFilterBody,
    bodyOptional: true,
    limited: true,
    responses: { 200: z.array(WorkPool) },
  },
  getScheduledFlowRuns: {
    method: 'POST',
    path: '/work_pools/:name/get_scheduled_flow_runs',
    summary: 'Get the next flow runs of a work pool',
    tag,
    access: 'run',
    repeated: 'runs-again',
    params: NamePath,
    body: WorkPoolRunsBody,
    bodyOptional: true,
    limited: true,
    refuses: [404],
    responses: { 200: z.array(WorkerFlowRunResponse) },
  },
  update: {
    method: 'PATCH',
    path: '/work_pools/:name',
    summary: 'Update a work pool',
    tag,
    access: 'write',
    params: NamePath,
    body: WorkPoolUpdate,
    refuses: [403, 404, 409],
    responses: { 204: undefined },
  },
  delete: {
    method: 'DELETE',
    path: '/work_pools/:name',
    summary: 'Delete a work pool with its queues and workers',
    tag,
    access: 'write',
    params: NamePath,
    refuses: [403, 404, 409],
    responses: { 204: undefined },
  },
} as const satisfies Resource;
