import type { Operations } from '@mintaka/contract';
import type { Context } from '../../domain/context.ts';
import type { PollRecorder } from '../../domain/work-pools/poll-recorder.ts';
import { createPoolPolls } from '../../domain/work-pools/pool-polls.ts';
import {
  createWorkPool,
  deleteWorkPool,
  filterWorkPools,
  readWorkPool,
  updateWorkPool,
} from '../../domain/work-pools/work-pools.ts';
import { created, type Handlers, noContent, ok } from '../handler.ts';

/** Handles the operations on work pools. */
export function workPoolHandlers(context: Context, polls: PollRecorder): Handlers<Operations['workPools']> {
  const pollWorkPool = createPoolPolls(context);
  return {
    create: ({ body }) => created(createWorkPool(context, body)),
    read: ({ params }) => ok(readWorkPool(context, params.name)),
    filter: ({ body }) => ok(filterWorkPools(context, body)),
    getScheduledFlowRuns: async ({ params, body, caller }) => {
      const runs = await pollWorkPool(polls.by(caller.requestId), params.name, body);
      context.observer.pollAnswered('work_pool', caller.elapsed(), runs.length);
      return ok(runs);
    },
    update: ({ params, body }) => noContent(updateWorkPool(context, params.name, body)),
    delete: ({ params }) => noContent(deleteWorkPool(context, params.name)),
  };
}
