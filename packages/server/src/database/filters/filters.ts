import type { DeploymentCriteria } from './deployment.ts';
import type { FlowCriteria } from './flow.ts';
import type { FlowRunCriteria } from './flow-run.ts';
import type { TaskRunCriteria } from './task-run.ts';
import type { WorkPoolCriteria } from './work-pool.ts';
import type { WorkQueueCriteria } from './work-queue.ts';

/**
 * Filters over several resources, as in the API's bodies. A filter on another resource keeps the rows with a matching related
 * row; an empty one therefore still requires that a related row exists.
 */
export type Filters = {
  readonly flows?: FlowCriteria | null | undefined;
  readonly flow_runs?: FlowRunCriteria | null | undefined;
  readonly task_runs?: TaskRunCriteria | null | undefined;
  readonly deployments?: DeploymentCriteria | null | undefined;
  readonly work_pools?: WorkPoolCriteria | null | undefined;
  readonly work_pool_queues?: WorkQueueCriteria | null | undefined;
};
