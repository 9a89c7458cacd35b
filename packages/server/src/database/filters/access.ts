import type { Access } from '../dialects/page.ts';
import { isGiven } from './conditions.ts';
import type { Filters } from './filters.ts';
import type { FlowRunCriteria } from './flow-run.ts';
import type { TaskRunCriteria } from './task-run.ts';

type RunCriteria = FlowRunCriteria | TaskRunCriteria;

/** Whether a filter names the ids of its rows, so that only these can match. */
export function namesRuns<Criteria extends RunCriteria>(
  filter: Criteria | null | undefined,
): filter is Criteria & { id: { any_: readonly string[] } } {
  return isGiven(filter) && filter.operator !== 'or_' && isGiven(filter.id) && isGiven(filter.id.any_);
}

/** How to find the rows of `flow_run` that match the filters. */
export function accessToFlowRuns(filters: Filters): Access {
  const { flow_runs } = filters;
  if (namesRuns(flow_runs)) return 'ids';
  if (isGiven(filters.task_runs)) return 'rows';
  const owners = countOwners(filters);
  if (!isGiven(flow_runs)) return owners === 1 ? 'index' : 'rows';
  return owners === 0 && asksForStateAlone(flow_runs) ? 'index' : 'rows';
}

/** How to find the rows of `task_run` that match the filters. */
export function accessToTaskRuns(filters: Filters): Access {
  const { flow_runs, task_runs } = filters;
  if (namesRuns(task_runs) || namesRuns(flow_runs)) return 'ids';
  if (isGiven(flow_runs) || countOwners(filters) > 0) return 'rows';
  return isGiven(task_runs) && asksForStateAlone(task_runs) ? 'index' : 'rows';
}

function countOwners({ flows, deployments, work_pools, work_pool_queues }: Filters): number {
  return [flows, deployments, work_pools, work_pool_queues].filter(isGiven).length;
}

function asksForStateAlone({ operator, ...criteria }: RunCriteria): boolean {
  const asked = Object.entries(criteria).filter(([, criterion]) => isGiven(criterion));
  if (asked.length !== 1 || !isGiven(criteria.state)) return false;
  return isGiven(criteria.state.type) !== isGiven(criteria.state.name);
}
