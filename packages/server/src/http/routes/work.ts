import type { FastifyInstance } from 'fastify';
import type { Context } from '../../domain/context.ts';
import { createPollRecorder } from '../../domain/work/poll-recorder.ts';
import type { EndpointOptions } from '../endpoint.ts';
import { addPoolQueueRoutes } from './pool-queues.ts';
import { addWorkPoolRoutes } from './work-pools.ts';
import { addWorkQueueRoutes } from './work-queues.ts';
import { addWorkerRoutes } from './workers.ts';

/** Adds the operations on work pools, their queues and their workers. Polls that were answered are recorded before `app` is closed. */
export function addWorkRoutes(app: FastifyInstance, options: EndpointOptions, context: Context): void {
  const recorder = createPollRecorder(context, (error, requestIds) =>
    app.log.warn({ err: error, requestIds }, 'a poll was not recorded'),
  );
  app.addHook('onClose', () => recorder.idle());
  addWorkQueueRoutes(app, options, context, recorder);
  addWorkPoolRoutes(app, options, context, recorder);
  addPoolQueueRoutes(app, options, context);
  addWorkerRoutes(app, options, context);
}
