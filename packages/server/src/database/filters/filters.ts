import type { DeploymentCriteria } from './deployment.ts';
import type { FlowCriteria } from './flow.ts';
import type { FlowRunCriteria } from './flow-run.ts';
import type { TaskRunCriteria } from './task-run.ts';
import type { WorkPoolCriteria } from './work-pool.ts';
import type { WorkQueueCriteria } from './work-queue.ts';

/**
 * Filters over several resources, as the API's bodies name them. A filter over another resource keeps the rows that
 * have a related row there that it lets pass; an empty one therefore still asks that there be a related row.
 */
export type Filters = {
  readonly flows?: FlowCriteria | null | undefined;
  readonly flow_runs?: FlowRunCriteria | null | undefined;
  readonly task_runs?: TaskRunCriteria | null | undefined;
  readonly deployments?: DeploymentCriteria | null | undefined;
  readonly work_pools?: WorkPoolCriteria | null | undefined;
  readonly work_pool_queues?: WorkQueueCriteria | null | undefined;
};
