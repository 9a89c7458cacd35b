import type { Operations } from '@mintaka/contract';
import type { Context } from '../../domain/context.ts';
import type { PollRecorder } from '../../domain/work-pools/poll-recorder.ts';
import { pollWorkQueue } from '../../domain/work-pools/queue-polls.ts';
import {
  createWorkQueue,
  deleteWorkQueue,
  filterWorkQueues,
  readWorkQueue,
  readWorkQueueByName,
  readWorkQueueStatus,
  updateWorkQueue,
} from '../../domain/work-pools/work-queues.ts';
import { created, type Handlers, noContent, ok } from '../handler.ts';

/** Handles the operations on work queues of any pool. */
export function workQueueHandlers(context: Context, polls: PollRecorder): Handlers<Operations['workQueues']> {
  return {
    create: ({ body }) => created(createWorkQueue(context, body)),
    read: ({ params }) => ok(readWorkQueue(context, params.id)),
    readByName: ({ params }) => ok(readWorkQueueByName(context, params.name)),
    readStatus: ({ params }) => ok(readWorkQueueStatus(context, params.id)),
    getRuns: async ({ params, headers, body, caller }) => {
      const poll = { queueId: params.id, body, isLook: headers['x-prefect-ui'] };
      const runs = await pollWorkQueue(context, polls.by(caller.requestId), poll);
      if (!poll.isLook) context.observer.pollAnswered('work_queue', caller.elapsed(), runs.length);
      return ok(runs);
    },
    filter: ({ body }) => ok(filterWorkQueues(context, body)),
    update: ({ params, body }) => noContent(updateWorkQueue(context, params.id, body)),
    delete: ({ params }) => noContent(deleteWorkQueue(context, params.id)),
  };
}
