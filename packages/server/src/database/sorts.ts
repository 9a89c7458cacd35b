import type { DeploymentSort, FlowRunSort, FlowSort, LogSort, TaskRunSort } from '@mintaka/contract';
import type { Expression } from 'kysely';
import { eb } from './filters/conditions.ts';

/** Any query that can be ordered. */
export type Sortable<Q> = { orderBy(expression: Expression<unknown>, direction: 'asc' | 'desc'): Q };

/** An expression to order by, and the direction. */
export type Order = readonly [expression: Expression<unknown>, direction: 'asc' | 'desc'];

const ascending = (expression: Expression<unknown>): Order => [expression, 'asc'];
const descending = (expression: Expression<unknown>): Order => [expression, 'desc'];

// Each expression is that of an index, so that the first rows are read from it without a sort. NULLs come first on SQLite and
// last on Postgres: it differs because the indexes have them there.
const startOrExpected = eb.fn.coalesce('flow_run.start_time', 'flow_run.expected_start_time');

const flowRunOrders: Record<FlowRunSort, Order> = {
  ID_DESC: descending(eb.ref('flow_run.id')),
  START_TIME_ASC: ascending(startOrExpected),
  START_TIME_DESC: descending(startOrExpected),
  EXPECTED_START_TIME_ASC: ascending(eb.ref('flow_run.expected_start_time')),
  EXPECTED_START_TIME_DESC: descending(eb.ref('flow_run.expected_start_time')),
  NAME_ASC: ascending(eb.ref('flow_run.name')),
  NAME_DESC: descending(eb.ref('flow_run.name')),
  NEXT_SCHEDULED_START_TIME_ASC: ascending(eb.ref('flow_run.next_scheduled_start_time')),
  END_TIME_DESC: descending(eb.ref('flow_run.end_time')),
};

const taskRunOrders: Record<TaskRunSort, Order> = {
  ID_DESC: descending(eb.ref('task_run.id')),
  EXPECTED_START_TIME_ASC: ascending(eb.ref('task_run.expected_start_time')),
  EXPECTED_START_TIME_DESC: descending(eb.ref('task_run.expected_start_time')),
  NAME_ASC: ascending(eb.ref('task_run.name')),
  NAME_DESC: descending(eb.ref('task_run.name')),
  NEXT_SCHEDULED_START_TIME_ASC: ascending(eb.ref('task_run.next_scheduled_start_time')),
  END_TIME_DESC: descending(eb.ref('task_run.end_time')),
};

const logOrders: Record<LogSort, Order> = {
  TIMESTAMP_ASC: ascending(eb.ref('log.timestamp')),
  TIMESTAMP_DESC: descending(eb.ref('log.timestamp')),
  LEVEL_ASC: ascending(eb.ref('log.level')),
  LEVEL_DESC: descending(eb.ref('log.level')),
  FLOW_RUN_ID_ASC: ascending(eb.ref('log.flow_run_id')),
  FLOW_RUN_ID_DESC: descending(eb.ref('log.flow_run_id')),
  TASK_RUN_ID_ASC: ascending(eb.ref('log.task_run_id')),
  TASK_RUN_ID_DESC: descending(eb.ref('log.task_run_id')),
};

const flowOrders: Record<FlowSort, Order> = {
  CREATED_DESC: descending(eb.ref('flow.created')),
  UPDATED_DESC: descending(eb.ref('flow.updated')),
  NAME_ASC: ascending(eb.ref('flow.name')),
  NAME_DESC: descending(eb.ref('flow.name')),
};

const deploymentOrders: Record<DeploymentSort, Order> = {
  CREATED_DESC: descending(eb.ref('deployment.created')),
  UPDATED_DESC: descending(eb.ref('deployment.updated')),
  NAME_ASC: ascending(eb.ref('deployment.name')),
  NAME_DESC: descending(eb.ref('deployment.name')),
};

/** How the API orders flow runs. */
export function orderOfFlowRuns(sort: FlowRunSort): Order {
  return flowRunOrders[sort];
}

/** How the API orders task runs. */
export function orderOfTaskRuns(sort: TaskRunSort): Order {
  return taskRunOrders[sort];
}

/** Orders a query over `flow_run`. */
export function sortFlowRuns<Q extends Sortable<Q>>(query: Q, sort: FlowRunSort): Q {
  return query.orderBy(...flowRunOrders[sort]);
}

/** Orders a query over `log`. */
export function sortLogs<Q extends Sortable<Q>>(query: Q, sort: LogSort): Q {
  return query.orderBy(...logOrders[sort]);
}

/** Orders a query over `flow`. */
export function sortFlows<Q extends Sortable<Q>>(query: Q, sort: FlowSort): Q {
  return query.orderBy(...flowOrders[sort]);
}

/** Orders a query over `deployment`. */
export function sortDeployments<Q extends Sortable<Q>>(query: Q, sort: DeploymentSort): Q {
  return query.orderBy(...deploymentOrders[sort]);
}
