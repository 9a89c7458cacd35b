import type * as z from 'zod';
import { boolean, list, text, uuid } from '../../wire/index.ts';
import {
  anyId,
  anyText,
  filter,
  nameLike,
  operatorFilter,
  state,
  tags,
  timeSpan,
  timeSpanOrNone,
} from './criteria.ts';

/** Which flows. */
export const FlowFilter = operatorFilter('FlowFilter', {
  id: anyId('FlowFilterId').nullish(),
  name: nameLike('FlowFilterName').nullish(),
  tags: tags('FlowFilterTags').nullish(),
});
export type FlowFilter = z.output<typeof FlowFilter>;
/** FlowFilter as a client sends it. */
export type FlowFilterInput = z.input<typeof FlowFilter>;

/** Which flow runs. */
export const FlowRunFilter = operatorFilter('FlowRunFilter', {
  id: filter('FlowRunFilterId', {
    any_: list(uuid()).nullish(),
    not_any_: list(uuid()).nullish(),
  }).nullish(),
  name: nameLike('FlowRunFilterName').nullish(),
  tags: tags('FlowRunFilterTags').nullish(),
  deployment_id: operatorFilter('FlowRunFilterDeploymentId', {
    any_: list(uuid()).nullish(),
    is_null_: boolean().nullish(),
  }).nullish(),
  work_queue_name: operatorFilter('FlowRunFilterWorkQueueName', {
    any_: list(text()).nullish(),
    is_null_: boolean().nullish(),
  }).nullish(),
  state: state('FlowRunFilter').nullish(),
  flow_version: anyText('FlowRunFilterFlowVersion').nullish(),
  start_time: timeSpanOrNone('FlowRunFilterStartTime').nullish(),
  expected_start_time: timeSpan('FlowRunFilterExpectedStartTime').nullish(),
  next_scheduled_start_time: timeSpan('FlowRunFilterNextScheduledStartTime').nullish(),
  parent_task_run_id: operatorFilter('FlowRunFilterParentTaskRunId', {
    any_: list(uuid()).nullish(),
    is_null_: boolean().nullish(),
  }).nullish(),
});
export type FlowRunFilter = z.output<typeof FlowRunFilter>;
/** FlowRunFilter as a client sends it. */
export type FlowRunFilterInput = z.input<typeof FlowRunFilter>;

/** Which task runs. */
export const TaskRunFilter = operatorFilter('TaskRunFilter', {
  id: anyId('TaskRunFilterId').nullish(),
  name: nameLike('TaskRunFilterName').nullish(),
  tags: tags('TaskRunFilterTags').nullish(),
  state: state('TaskRunFilter').nullish(),
  start_time: timeSpanOrNone('TaskRunFilterStartTime').nullish(),
  subflow_runs: filter('TaskRunFilterSubFlowRuns', { exists_: boolean().nullish() }).nullish(),
});
export type TaskRunFilter = z.output<typeof TaskRunFilter>;
/** TaskRunFilter as a client sends it. */
export type TaskRunFilterInput = z.input<typeof TaskRunFilter>;
