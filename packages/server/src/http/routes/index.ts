import type { Operations } from '@mintaka/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Context } from '../../domain/context.ts';
import { createClaims } from '../../domain/own/claims.ts';
import { createRunWaits } from '../../domain/own/run-waits.ts';
import type { PollRecorder } from '../../domain/work-pools/poll-recorder.ts';
import { bindTable } from '../bind.ts';
import { createBodyReader } from '../large-bodies.ts';
import { answerOnce } from '../recalled.ts';
import { requireTrust } from '../trust.ts';
import { adminHandlers } from './admin.ts';
import { blockDocumentHandlers } from './block-documents.ts';
import { blockCapabilityHandlers, blockSchemaHandlers } from './block-schemas.ts';
import { blockTypeHandlers } from './block-types.ts';
import { concurrencyLimitHandlers } from './concurrency-limits.ts';
import { deploymentHandlers } from './deployments.ts';
import { flowRunNotificationPolicyHandlers } from './flow-run-notification-policies.ts';
import { flowRunHandlers } from './flow-runs.ts';
import { flowHandlers } from './flows.ts';
import { logHandlers } from './logs.ts';
import { ownHandlers } from './own.ts';
import { poolQueueHandlers } from './pool-queues.ts';
import { rootHandlers } from './root.ts';
import { savedSearchHandlers } from './saved-searches.ts';
import { flowRunStateHandlers, taskRunStateHandlers } from './states.ts';
import { taskRunHandlers } from './task-runs.ts';
import { uiHandlers } from './ui.ts';
import { workPoolHandlers } from './work-pools.ts';
import { workQueueHandlers } from './work-queues.ts';
import { workerHandlers } from './workers.ts';

/** How long the end of the server waits for lost answers to be stored, in milliseconds. */
const storeGrace = 2000;

/**
 * Adds every operation of the table, below the prefix that `app` already has. Polls that were answered are recorded before
 * `app` is closed.
 * @param stopping aborts when the server stops listening: requests that wait for something are answered then.
 */
export function addRoutes(
  app: FastifyInstance,
  { context, polls }: { context: Context; polls: PollRecorder },
  table: Operations,
  stopping: AbortSignal,
): void {
  app.addHook('onClose', () => polls.idle());
  const claims = createClaims(context, () => performance.now());
  const runWaits = createRunWaits(context);
  stopping.addEventListener('abort', () => {
    claims.stop();
    runWaits.stop();
  });
  const { pageLimit, apiKey, callers, bodyLimits, taskCacheKeyMaxLength } = context.settings;
  const { takesNul } = context.database.dialect;
  const bodies = createBodyReader({ rules: { limits: bodyLimits, takesNul }, taskCacheKeyMaxLength });
  app.addHook('onClose', () => bodies.close());
  const permitSecrets = (request: FastifyRequest) => {
    if (apiKey === null) requireTrust(request, callers);
  };
  // If it fails, the loop that does the same each second reports it.
  app.addHook('onReady', () => context.lostAnswers.learn().catch(() => {}));
  app.addHook('onClose', () => context.lostAnswers.idle(storeGrace));
  const once = answerOnce.bind(undefined, context);
  bindTable(app, { pageLimit, permitSecrets, bodies, takesNul, answerOnce: once }, table, {
    flows: flowHandlers(context),
    blockTypes: blockTypeHandlers(context),
    blockSchemas: blockSchemaHandlers(context),
    blockCapabilities: blockCapabilityHandlers(context),
    blockDocuments: blockDocumentHandlers(context),
    flowRuns: flowRunHandlers(context),
    taskRuns: taskRunHandlers(context),
    flowRunStates: flowRunStateHandlers(context),
    taskRunStates: taskRunStateHandlers(context),
    deployments: deploymentHandlers(context),
    ui: uiHandlers(context),
    savedSearches: savedSearchHandlers(context),
    flowRunNotificationPolicies: flowRunNotificationPolicyHandlers(context),
    logs: logHandlers(context),
    concurrencyLimits: concurrencyLimitHandlers(context),
    workQueues: workQueueHandlers(context, polls),
    workPools: workPoolHandlers(context, polls),
    poolQueues: poolQueueHandlers(context),
    workers: workerHandlers(context),
    admin: adminHandlers(context),
    root: rootHandlers(context, app.log),
    own: ownHandlers(context, { polls, claims, runWaits }),
  });
}
