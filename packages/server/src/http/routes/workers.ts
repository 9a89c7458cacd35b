import type { Operations } from '@mintaka/contract';
import type { Context } from '../../domain/context.ts';
import { filterWorkers, recordHeartbeat } from '../../domain/work-pools/workers.ts';
import { type Handlers, noContent, ok } from '../handler.ts';

/** Handles the operations on the workers of one work pool. */
export function workerHandlers(context: Context): Handlers<Operations['workers']> {
  return {
    heartbeat: ({ params, body }) => noContent(recordHeartbeat(context, params.work_pool_name, body.name)),
    filter: ({ params, body }) => ok(filterWorkers(context, params.work_pool_name, body)),
  };
}
