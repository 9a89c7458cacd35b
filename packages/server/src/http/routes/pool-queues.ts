import type { Operations, WorkPoolQueuePath } from '@mintaka/contract';
import type { Context } from '../../domain/context.ts';
import {
  createPoolQueue,
  deletePoolQueue,
  filterPoolQueues,
  type QueuePlace,
  readPoolQueue,
  updatePoolQueue,
} from '../../domain/work-pools/pool-queues.ts';
import { created, type Handlers, noContent, ok } from '../handler.ts';

/** Handles the operations on the queues of one work pool. */
export function poolQueueHandlers(context: Context): Handlers<Operations['poolQueues']> {
  return {
    create: ({ params, body }) => created(createPoolQueue(context, params.work_pool_name, body)),
    read: ({ params }) => ok(readPoolQueue(context, placeOf(params))),
    filter: ({ params, body }) => ok(filterPoolQueues(context, params.work_pool_name, body)),
    update: ({ params, body }) => noContent(updatePoolQueue(context, placeOf(params), body)),
    delete: ({ params }) => noContent(deletePoolQueue(context, placeOf(params))),
  };
}

function placeOf({ work_pool_name, name }: WorkPoolQueuePath): QueuePlace {
  return { pool: work_pool_name, queue: name };
}
