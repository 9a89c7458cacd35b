import type { Resource } from '../resource.ts';
import { blocks } from './blocks.ts';
import { concurrencyLimits } from './concurrency-limits.ts';
import { deployments } from './deployments.ts';
import { flowRuns } from './flow-runs.ts';
import { flows } from './flows.ts';
import { logs } from './logs.ts';
import { notificationPolicies } from './notification-policies.ts';
import { root } from './root.ts';
import { savedSearches } from './saved-searches.ts';
import { states } from './states.ts';
import { taskRuns } from './task-runs.ts';
import { ui } from './ui.ts';
import { workPools } from './work-pools.ts';
import { workQueues } from './work-queues.ts';

/** All resources, in the order of the command line. */
export const resources: readonly Resource[] = [
  root,
  flows,
  flowRuns,
  taskRuns,
  states,
  logs,
  concurrencyLimits,
  blocks,
  savedSearches,
  deployments,
  workQueues,
  workPools,
  notificationPolicies,
  ui,
];
