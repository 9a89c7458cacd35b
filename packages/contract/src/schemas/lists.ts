import type * as z from 'zod';
import { dateTimeTz, duration, parameters } from '../wire/index.ts';
import { limit, offset } from './fields.ts';
import {
  DeploymentFilter,
  FlowFilter,
  FlowRunFilter,
  TaskRunFilter,
  WorkPoolFilter,
  WorkQueueFilter,
} from './filters/index.ts';
import { DeploymentSort, FlowRunSort, FlowSort, TaskRunSort } from './sorts.ts';

const runFilters = {
  flows: FlowFilter.optional(),
  flow_runs: FlowRunFilter.optional(),
  task_runs: TaskRunFilter.optional(),
  deployments: DeploymentFilter.optional(),
};

const runAndPoolFilters = {
  ...runFilters,
  work_pools: WorkPoolFilter.optional(),
  work_pool_queues: WorkQueueFilter.optional(),
};

/** Filters, order and page of a list of flows. */
export const FlowFilterBody = parameters('FlowFilterBody', {
  limit,
  offset,
  ...runFilters,
  sort: FlowSort.default('NAME_ASC'),
});
export type FlowFilterBody = z.output<typeof FlowFilterBody>;
/** FlowFilterBody as a client sends it. */
export type FlowFilterBodyInput = z.input<typeof FlowFilterBody>;

/** Filters of the flows to count. */
export const FlowCountBody = parameters('FlowCountBody', runFilters);
export type FlowCountBody = z.output<typeof FlowCountBody>;
/** FlowCountBody as a client sends it. */
export type FlowCountBodyInput = z.input<typeof FlowCountBody>;

/** Filters, order and page of a list of flow runs. */
export const FlowRunFilterBody = parameters('FlowRunFilterBody', {
  limit,
  sort: FlowRunSort.default('ID_DESC'),
  offset,
  ...runAndPoolFilters,
});
export type FlowRunFilterBody = z.output<typeof FlowRunFilterBody>;
/** FlowRunFilterBody as a client sends it. */
export type FlowRunFilterBodyInput = z.input<typeof FlowRunFilterBody>;

/** Filters of the flow runs to count. */
export const FlowRunCountBody = parameters('FlowRunCountBody', runAndPoolFilters);
export type FlowRunCountBody = z.output<typeof FlowRunCountBody>;
/** FlowRunCountBody as a client sends it. */
export type FlowRunCountBodyInput = z.input<typeof FlowRunCountBody>;

/** Filters, order and page of a list of task runs. */
export const TaskRunFilterBody = parameters('TaskRunFilterBody', {
  limit,
  sort: TaskRunSort.default('ID_DESC'),
  offset,
  ...runFilters,
});
export type TaskRunFilterBody = z.output<typeof TaskRunFilterBody>;
/** TaskRunFilterBody as a client sends it. */
export type TaskRunFilterBodyInput = z.input<typeof TaskRunFilterBody>;

/** Filters of the task runs to count. */
export const TaskRunCountBody = parameters('TaskRunCountBody', runFilters);
export type TaskRunCountBody = z.output<typeof TaskRunCountBody>;
/** TaskRunCountBody as a client sends it. */
export type TaskRunCountBodyInput = z.input<typeof TaskRunCountBody>;

/** Filters, order and page of a list of deployments. */
export const DeploymentFilterBody = parameters('DeploymentFilterBody', {
  limit,
  offset,
  ...runAndPoolFilters,
  sort: DeploymentSort.default('NAME_ASC'),
});
export type DeploymentFilterBody = z.output<typeof DeploymentFilterBody>;
/** DeploymentFilterBody as a client sends it. */
export type DeploymentFilterBodyInput = z.input<typeof DeploymentFilterBody>;

/** Filters of the deployments to count. */
export const DeploymentCountBody = parameters('DeploymentCountBody', runAndPoolFilters);
export type DeploymentCountBody = z.output<typeof DeploymentCountBody>;
/** DeploymentCountBody as a client sends it. */
export type DeploymentCountBodyInput = z.input<typeof DeploymentCountBody>;

/** The period of a history, and the length of its bars in seconds. */
const frame = {
  history_start: dateTimeTz(),
  history_end: dateTimeTz(),
  history_interval_seconds: duration(),
};

/** Period and filters of a history of flow runs. Its filter on queues has another name than in the lists. */
export const FlowRunHistoryBody = parameters('FlowRunHistoryBody', {
  ...frame,
  ...runFilters,
  work_pools: WorkPoolFilter.optional(),
  work_queues: WorkQueueFilter.optional(),
});
export type FlowRunHistoryBody = z.output<typeof FlowRunHistoryBody>;
/** FlowRunHistoryBody as a client sends it. */
export type FlowRunHistoryBodyInput = z.input<typeof FlowRunHistoryBody>;

/** Period and filters of a history of task runs. */
export const TaskRunHistoryBody = parameters('TaskRunHistoryBody', { ...frame, ...runFilters });
export type TaskRunHistoryBody = z.output<typeof TaskRunHistoryBody>;
/** TaskRunHistoryBody as a client sends it. */
export type TaskRunHistoryBodyInput = z.input<typeof TaskRunHistoryBody>;
