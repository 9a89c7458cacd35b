import * as z from 'zod';
import { Worker, WorkerFilterBody, WorkerHeartbeatBody, WorkPoolNamePath } from '../schemas/index.ts';
import type { Resource } from './operation.ts';

const tag = 'Work Pools';

/** The operations on the workers of one work pool. */
export const workers = {
  heartbeat: {
    method: 'POST',
    path: '/work_pools/:work_pool_name/workers/heartbeat',
    summary: 'Worker heartbeat',
    tag,
    access: 'run',
    repeated: 'runs-again',
    params: WorkPoolNamePath,
    body: WorkerHeartbeatBody,
    refuses: [404],
    responses: { 204: undefined },
  },
  filter: {
    method: 'POST',
    path: '/work_pools/:work_pool_name/workers/filter',
    summary: 'List the workers of a work pool, most recent heartbeat first',
    tag,
    access: 'read',
    params: WorkPoolNamePath,
    body: WorkerFilterBody,
    bodyOptional: true,
    limited: true,
    refuses: [404],
    responses: { 200: z.array(Worker) },
  },
} as const satisfies Resource;
