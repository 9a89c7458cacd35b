import type { Expression, SqlBool } from 'kysely';
import type { ReadSession } from '../database.ts';
import type { Bindings } from '../dialects/bindings.ts';
import { namesRuns } from './access.ts';
import { type Condition, combine, eb, isAny, isGiven } from './conditions.ts';
import { deploymentWhere } from './deployment.ts';
import type { Filters } from './filters.ts';
import { flowWhere } from './flow.ts';
import { flowRunWhere } from './flow-run.ts';
import { taskRunWhere } from './task-run.ts';
import { workPoolWhere } from './work-pool.ts';
import { workQueueWhere } from './work-queue.ts';

/** Any query that accepts conditions: select, update or delete. */
export type Narrowable<Q> = { where(condition: Expression<SqlBool>): Q };

/** A session, for its dialect's spelling. */
export type Spelling = Pick<ReadSession, 'dialect'>;

/** Adds a condition to a query, unless it matches every row. */
export function narrow<Q extends Narrowable<Q>>(query: Q, condition: Condition | undefined): Q {
  return condition === undefined || condition === true ? query : query.where(condition);
}

/** Narrows a query over `flow_run` (count, list, history). */
export function composeFlowRuns<Q extends Narrowable<Q>>(session: Spelling, query: Q, filters: Filters): Q {
  return narrow(query, flowRunsWhere(filters, session.dialect.bindings));
}

/** Narrows a query over `flow`; work pools and queues say nothing about flows. */
export function composeFlows<Q extends Narrowable<Q>>(session: Spelling, query: Q, filters: Filters): Q {
  return narrow(query, flowsWhere(filters, session.dialect.bindings));
}

/** Narrows a query over `deployment`. */
export function composeDeployments<Q extends Narrowable<Q>>(
  session: Spelling,
  query: Q,
  filters: Filters,
): Q {
  return narrow(query, deploymentsWhere(filters, session.dialect.bindings));
}

/** The condition of filters over several resources on a row of `flow_run`. */
export function flowRunsWhere(filters: Filters, bindings: Bindings): Condition {
  const { flows, flow_runs, task_runs, deployments, work_pools, work_pool_queues } = filters;
  return combine('and_', [
    isGiven(flow_runs) ? flowRunWhere(flow_runs, bindings) : undefined,
    isGiven(deployments) ? hasDeployment(deploymentWhere(deployments, bindings)) : undefined,
    hasQueue(
      'flow_run.work_queue_id',
      isGiven(work_pool_queues) ? workQueueWhere(work_pool_queues, bindings) : undefined,
      isGiven(work_pools) ? workPoolWhere(work_pools, bindings) : undefined,
    ),
    isGiven(flows) ? hasFlow('flow_run.flow_id', flowWhere(flows, bindings)) : undefined,
    isGiven(task_runs) ? hasTaskRun(taskRunWhere(task_runs, bindings)) : undefined,
  ]);
}

/** The condition of filters over several resources on a row of `task_run`. */
export function taskRunsWhere(filters: Filters, bindings: Bindings): Condition {
  const { task_runs, ...others } = filters;
  // Filters on other resources than flow runs apply to the task run's flow run.
  const flowRun = flowRunsWhere(others, bindings);
  return combine('and_', [
    isGiven(task_runs) ? taskRunWhere(task_runs, bindings) : undefined,
    // Every task run has a flow run, so without a condition there is no need to check that it exists.
    flowRun === true ? true : eb.exists(narrow(flowRunOf('task_run.flow_run_id'), flowRun)),
    // Redundant, but an index can use it to find the task runs of the named flow runs.
    namesRuns(filters.flow_runs) ? isAny('task_run.flow_run_id', filters.flow_runs.id, bindings) : undefined,
  ]);
}

/** The condition of filters over several resources on a row of `flow`. */
function flowsWhere(filters: Filters, bindings: Bindings): Condition {
  const { flows, flow_runs, task_runs, deployments } = filters;
  return combine('and_', [
    isGiven(flows) ? flowWhere(flows, bindings) : undefined,
    isGiven(deployments)
      ? eb.exists(narrow(deploymentsOfFlow(), deploymentWhere(deployments, bindings)))
      : undefined,
    hasFlowRun('flow_run.flow_id', 'flow.id', { flow_runs, task_runs }, bindings),
  ]);
}

/** The condition of filters over several resources on a row of `deployment`. */
function deploymentsWhere(filters: Filters, bindings: Bindings): Condition {
  const { flows, flow_runs, task_runs, deployments, work_pools, work_pool_queues } = filters;
  return combine('and_', [
    isGiven(deployments) ? deploymentWhere(deployments, bindings) : undefined,
    isGiven(flows) ? hasFlow('deployment.flow_id', flowWhere(flows, bindings)) : undefined,
    hasFlowRun('flow_run.deployment_id', 'deployment.id', { flow_runs, task_runs }, bindings),
    hasQueue(
      'deployment.work_queue_id',
      isGiven(work_pool_queues) ? workQueueWhere(work_pool_queues, bindings) : undefined,
      isGiven(work_pools) ? workPoolWhere(work_pools, bindings) : undefined,
    ),
  ]);
}

// There are few flows, deployments, queues and pools compared with runs: the matching ones are found once, and the index on
// the runs' own column leads to their runs. There are more task runs than flow runs, so that condition is checked run by run.

// Every flow run and deployment has a flow, so without a condition there is no need to check that it exists.
function hasFlow(column: 'flow_run.flow_id' | 'deployment.flow_id', condition: Condition): Condition {
  if (condition === true) return true;
  return eb(column, 'in', eb.selectFrom('flow').select('flow.id').where(condition));
}

function hasDeployment(condition: Condition): Condition {
  const deployments = eb.selectFrom('deployment').select('deployment.id');
  return eb('flow_run.deployment_id', 'in', narrow(deployments, condition));
}

function hasTaskRun(condition: Condition): Condition {
  const taskRun = eb.selectFrom('task_run').select(one).whereRef('task_run.flow_run_id', '=', 'flow_run.id');
  return eb.exists(narrow(taskRun, condition));
}

function hasFlowRun(
  column: 'flow_run.flow_id' | 'flow_run.deployment_id',
  owner: 'flow.id' | 'deployment.id',
  filters: Pick<Filters, 'flow_runs' | 'task_runs'>,
  bindings: Bindings,
): Condition | undefined {
  if (!isGiven(filters.flow_runs) && !isGiven(filters.task_runs)) return undefined;
  const flowRun = eb.selectFrom('flow_run').select(one).whereRef(column, '=', owner);
  return eb.exists(narrow(flowRun, flowRunsWhere(filters, bindings)));
}

function hasQueue(
  column: 'flow_run.work_queue_id' | 'deployment.work_queue_id',
  queue: Condition | undefined,
  pool: Condition | undefined,
): Condition | undefined {
  if (queue === undefined && pool === undefined) return undefined;
  const workQueues = eb.selectFrom('work_queue').select('work_queue.id');
  return eb(column, 'in', narrow(workQueues, combine('and_', [queue, hasPool(pool)])));
}

// Every queue has a pool, so without a condition there is no need to check that it exists.
function hasPool(condition: Condition | undefined): Condition | undefined {
  if (condition === undefined || condition === true) return condition;
  return eb(
    'work_queue.work_pool_id',
    'in',
    eb.selectFrom('work_pool').select('work_pool.id').where(condition),
  );
}

function flowRunOf(column: 'task_run.flow_run_id') {
  return eb.selectFrom('flow_run').select(one).whereRef('flow_run.id', '=', column);
}

function deploymentsOfFlow() {
  return eb.selectFrom('deployment').select(one).whereRef('deployment.flow_id', '=', 'flow.id');
}

const one = eb.lit(1).as('one');
