import * as z from 'zod';
import {
  WorkPoolNamePath,
  WorkPoolQueueFilterBody,
  WorkPoolQueuePath,
  WorkQueue,
  WorkQueueCreate,
  WorkQueueUpdate,
} from '../schemas/index.ts';
import type { Resource } from './operation.ts';

const tag = 'Work Pools';

/** The operations on the queues of one work pool. */
export const poolQueues = {
  create: {
    method: 'POST',
    path: '/work_pools/:work_pool_name/queues',
    summary: 'Create a queue in a work pool',
    tag,
    access: 'run',
    params: WorkPoolNamePath,
    body: WorkQueueCreate,
    refuses: [404, 409],
    responses: { 201: WorkQueue },
  },
  read: {
    method: 'GET',
    path: '/work_pools/:work_pool_name/queues/:name',
    summary: 'Read a queue of a work pool',
    tag,
    access: 'read',
    params: WorkPoolQueuePath,
    refuses: [404],
    responses: { 200: WorkQueue },
  },
  filter: {
    method: 'POST',
    path: '/work_pools/:work_pool_name/queues/filter',
    summary: 'List the queues of a work pool by priority',
    tag,
    access: 'read',
    params: WorkPoolNamePath,
    body: WorkPoolQueueFilterBody,
    bodyOptional: true,
    limited: true,
    refuses: [404],
    responses: { 200: z.array(WorkQueue) },
  },
  update: {
    method: 'PATCH',
    path: '/work_pools/:work_pool_name/queues/:name',
    summary: 'Update a queue of a work pool',
    tag,
    access: 'write',
    params: WorkPoolQueuePath,
    body: WorkQueueUpdate,
    refuses: [404, 409],
    responses: { 204: undefined },
  },
  delete: {
    method: 'DELETE',
    path: '/work_pools/:work_pool_name/queues/:name',
    summary: 'Delete a queue of a work pool',
    tag,
    access: 'write',
    params: WorkPoolQueuePath,
    refuses: [404, 409],
    responses: { 204: undefined },
  },
} as const satisfies Resource;
