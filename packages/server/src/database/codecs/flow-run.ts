import type { FlowRun, FlowRunResponse, Timestamp } from '@mintaka/contract';
import type { InferResult } from 'kysely';
import { author } from './author.ts';
import { oncePerBuilder } from './once.ts';
import { flowRunPolicy } from './policies.ts';
import { estimatedRunTime, estimatedStartTimeDelta } from './run-times.ts';
import { currentStateFromRow } from './state.ts';
import { objectText, textsOf } from './values.ts';

export type { FlowRunResponse } from '@mintaka/contract';

/** The common fields of both forms of a flow run. */
type FlowRunFields = Omit<FlowRunResponse, 'work_pool_name' | 'state'>;

/** The columns of `flow_run` that an answer needs. */
export const flowRunColumns = [
  'flow_run.id',
  'flow_run.created',
  'flow_run.updated',
  'flow_run.name',
  'flow_run.flow_id',
  'flow_run.state_id',
  'flow_run.deployment_id',
  'flow_run.work_queue_name',
  'flow_run.work_queue_id',
  'flow_run.flow_version',
  'flow_run.parameters',
  'flow_run.idempotency_key',
  'flow_run.context',
  'flow_run.empirical_policy',
  'flow_run.tags',
  'flow_run.parent_task_run_id',
  'flow_run.state_type',
  'flow_run.state_name',
  'flow_run.state_timestamp',
  'flow_run.run_count',
  'flow_run.expected_start_time',
  'flow_run.next_scheduled_start_time',
  'flow_run.start_time',
  'flow_run.end_time',
  'flow_run.total_run_time',
  'flow_run.auto_scheduled',
  'flow_run.infrastructure_document_id',
  'flow_run.infrastructure_pid',
  'flow_run.created_by',
] as const;

/** Flow runs with everything that an answer needs: current state, its data, queue and pool. */
export const selectFlowRuns = oncePerBuilder((sql) =>
  sql
    .selectFrom('flow_run')
    .leftJoin('flow_run_state as current', 'current.id', 'flow_run.state_id')
    .leftJoin('artifact', 'artifact.id', 'current.result_artifact_id')
    .leftJoin('work_queue as queue', 'queue.id', 'flow_run.work_queue_id')
    .leftJoin('work_pool as pool', 'pool.id', 'queue.work_pool_id')
    .select(flowRunColumns)
    .select([
      'current.type as current_type',
      'current.name as current_name',
      'current.timestamp as current_timestamp',
      'current.message as current_message',
      'current.state_details as current_details',
      'current.data as current_data',
      'artifact.data as current_artifact_data',
      'queue.name as queue_name',
      'pool.name as pool_name',
    ]),
);

/** A row of {@link selectFlowRuns}. */
export type FlowRunRow = InferResult<ReturnType<typeof selectFlowRuns>>[number];

/** A flow run in the API's form; `now` is for the estimates of runs that have not ended. */
export function flowRunFromRow(row: FlowRunRow, now: Timestamp): FlowRunResponse {
  return {
    ...flowRunFields(row, now, row.queue_name ?? row.work_queue_name),
    work_pool_name: row.pool_name,
    state: currentStateFromRow(row),
  };
}

/** Only the columns of `flow_run`, as selected by {@link flowRunColumns}. */
export type FlowRunColumns = Pick<
  FlowRunRow,
  Exclude<keyof FlowRunRow, `current_${string}` | 'queue_name' | 'pool_name'>
>;

/** A flow run as a work pool returns it: with the id of its queue instead of the pool's name, and without its state. */
export function pooledFlowRunFromRow(row: FlowRunColumns, now: Timestamp): FlowRun {
  return {
    ...flowRunFields(row, now, row.work_queue_name),
    work_queue_id: row.work_queue_id,
    state: null,
  };
}

function flowRunFields(row: FlowRunColumns, now: Timestamp, work_queue_name: string | null): FlowRunFields {
  return {
    id: row.id,
    created: row.created,
    updated: row.updated,
    name: row.name,
    flow_id: row.flow_id,
    state_id: row.state_id,
    deployment_id: row.deployment_id,
    work_queue_name,
    flow_version: row.flow_version,
    parameters: objectText(row.parameters),
    idempotency_key: row.idempotency_key,
    context: objectText(row.context),
    empirical_policy: flowRunPolicy(row.empirical_policy),
    tags: textsOf(row.tags),
    parent_task_run_id: row.parent_task_run_id,
    state_type: row.state_type,
    state_name: row.state_name,
    run_count: row.run_count,
    expected_start_time: row.expected_start_time,
    next_scheduled_start_time: row.next_scheduled_start_time,
    start_time: row.start_time,
    end_time: row.end_time,
    total_run_time: row.total_run_time,
    estimated_run_time: estimatedRunTime(row, now),
    estimated_start_time_delta: estimatedStartTimeDelta(row, now),
    auto_scheduled: row.auto_scheduled,
    infrastructure_document_id: row.infrastructure_document_id,
    infrastructure_pid: row.infrastructure_pid,
    created_by: author(row.created_by),
  };
}
