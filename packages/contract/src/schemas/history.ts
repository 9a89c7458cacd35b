import type * as z from 'zod';
import { dateTimeTz, integer, list, model, parameters, text, uuid } from '../wire/index.ts';
import { offset, seconds } from './fields.ts';
import { DeploymentFilter, FlowFilter, FlowRunFilter, TaskRunFilter } from './filters/index.ts';
import { FlowRunSort } from './sorts.ts';
import { StateTypeSchema } from './states.ts';

/** The runs in one state during one bar of a history. */
export const HistoryResponseState = model('HistoryResponseState', {
  /** Null, like the name, for runs without a state. */
  state_type: StateTypeSchema.nullable(),
  state_name: text().nullable(),
  count_runs: integer(),
  /** Seconds that the runs have run, the present stretch of running ones included; nothing below zero counts. */
  sum_estimated_run_time: seconds(),
  /** Seconds by which the runs started late, or are late by now if they neither started nor ended. */
  sum_estimated_lateness: seconds(),
});
export type HistoryResponseState = z.output<typeof HistoryResponseState>;

/** One bar of a history. */
export const HistoryResponse = model('HistoryResponse', {
  interval_start: dateTimeTz(),
  interval_end: dateTimeTz(),
  states: list(HistoryResponseState),
});
export type HistoryResponse = z.output<typeof HistoryResponse>;

/** Which flow runs the pages plot. */
export const SimpleFlowRunsBody = parameters('SimpleFlowRunsBody', {
  sort: FlowRunSort.default('EXPECTED_START_TIME_DESC'),
  limit: integer({ le: 1000 }).default(1000),
  offset,
  flows: FlowFilter.optional(),
  flow_runs: FlowRunFilter.optional(),
  task_runs: TaskRunFilter.optional(),
  deployments: DeploymentFilter.optional(),
});
export type SimpleFlowRunsBody = z.output<typeof SimpleFlowRunsBody>;
/** SimpleFlowRunsBody as a client sends it. */
export type SimpleFlowRunsBodyInput = z.input<typeof SimpleFlowRunsBody>;

/** A flow run as a point of the pages' plot. */
export const SimpleFlowRun = model('SimpleFlowRun', {
  id: uuid(),
  state_type: StateTypeSchema,
  timestamp: dateTimeTz(),
  duration: seconds(),
  lateness: seconds(),
});
export type SimpleFlowRun = z.output<typeof SimpleFlowRun>;
