import { admin } from './admin.ts';
import { blockDocuments } from './block-documents.ts';
import { blockCapabilities, blockSchemas } from './block-schemas.ts';
import { blockTypes } from './block-types.ts';
import { concurrencyLimits } from './concurrency-limits.ts';
import { deployments } from './deployments.ts';
import { flowRunNotificationPolicies } from './flow-run-notification-policies.ts';
import { flowRuns } from './flow-runs.ts';
import { flows } from './flows.ts';
import { logs } from './logs.ts';
import type { OperationTable } from './operation.ts';
import { own } from './own.ts';
import { poolQueues } from './pool-queues.ts';
import { root } from './root.ts';
import { savedSearches } from './saved-searches.ts';
import { flowRunStates, taskRunStates } from './states.ts';
import { taskRuns } from './task-runs.ts';
import { ui } from './ui.ts';
import { workPools } from './work-pools.ts';
import { workQueues } from './work-queues.ts';
import { workers } from './workers.ts';

export * from './lists.ts';
export type * from './operation.ts';
export { keepsLostAnswer } from './operation.ts';

/** Every operation of the API, by resource and name, in the order of the API page. */
export const operations = {
  flows,
  blockTypes,
  blockSchemas,
  blockCapabilities,
  blockDocuments,
  flowRuns,
  taskRuns,
  flowRunStates,
  taskRunStates,
  deployments,
  ui,
  savedSearches,
  flowRunNotificationPolicies,
  logs,
  concurrencyLimits,
  workQueues,
  workPools,
  poolQueues,
  workers,
  admin,
  root,
  own,
} as const satisfies OperationTable;

/** The type of {@link operations}. */
export type Operations = typeof operations;
