import { type JsonObject, type StateType, type Timestamp, wireTimestamp } from '@mintaka/contract';
import type { InferResult, Kysely } from 'kysely';
import type { Tables } from '../tables.ts';
import { type TaskRunPolicyResponse, taskRunPolicy } from './policies.ts';
import { estimatedRunTime, estimatedStartTimeDelta } from './run-times.ts';
import { currentStateFromRow, type StateResponse } from './state.ts';
import { object, texts, wireMoment } from './values.ts';

/** A task run as the API answers it. Durations are seconds. */
export type TaskRunResponse = {
  id: string;
  created: string;
  updated: string;
  name: string;
  flow_run_id: string;
  task_key: string;
  dynamic_key: string;
  cache_key: string | null;
  cache_expiration: string | null;
  task_version: string | null;
  empirical_policy: TaskRunPolicyResponse;
  tags: string[];
  state_id: string | null;
  task_inputs: JsonObject;
  state_type: StateType | null;
  state_name: string | null;
  run_count: number;
  flow_run_run_count: number;
  expected_start_time: string | null;
  next_scheduled_start_time: string | null;
  start_time: string | null;
  end_time: string | null;
  total_run_time: number;
  estimated_run_time: number;
  estimated_start_time_delta: number;
  state: StateResponse | null;
};

/** Task runs with everything that an answer needs: current state and its data. */
export function selectTaskRuns(sql: Kysely<Tables>) {
  return sql
    .selectFrom('task_run')
    .leftJoin('task_run_state as current', 'current.id', 'task_run.state_id')
    .leftJoin('artifact', 'artifact.id', 'current.result_artifact_id')
    .select([
      'task_run.id',
      'task_run.created',
      'task_run.updated',
      'task_run.name',
      'task_run.flow_run_id',
      'task_run.task_key',
      'task_run.dynamic_key',
      'task_run.cache_key',
      'task_run.cache_expiration',
      'task_run.task_version',
      'task_run.empirical_policy',
      'task_run.tags',
      'task_run.state_id',
      'task_run.task_inputs',
      'task_run.state_type',
      'task_run.state_name',
      'task_run.state_timestamp',
      'task_run.run_count',
      'task_run.flow_run_run_count',
      'task_run.expected_start_time',
      'task_run.next_scheduled_start_time',
      'task_run.start_time',
      'task_run.end_time',
      'task_run.total_run_time',
    ])
    .select([
      'current.type as current_type',
      'current.name as current_name',
      'current.timestamp as current_timestamp',
      'current.message as current_message',
      'current.state_details as current_details',
      'current.data as current_data',
      'artifact.data as current_artifact_data',
    ]);
}

/** A row of {@link selectTaskRuns}. */
export type TaskRunRow = InferResult<ReturnType<typeof selectTaskRuns>>[number];

/** A task run as the API answers it; `now` is for the estimates of runs that have not ended. */
export function taskRunFromRow(row: TaskRunRow, now: Timestamp): TaskRunResponse {
  return {
    id: row.id,
    created: wireTimestamp(row.created),
    updated: wireTimestamp(row.updated),
    name: row.name,
    flow_run_id: row.flow_run_id,
    task_key: row.task_key,
    dynamic_key: row.dynamic_key,
    cache_key: row.cache_key,
    cache_expiration: wireMoment(row.cache_expiration),
    task_version: row.task_version,
    empirical_policy: taskRunPolicy(row.empirical_policy),
    tags: texts(row.tags),
    state_id: row.state_id,
    task_inputs: object(row.task_inputs),
    state_type: row.state_type,
    state_name: row.state_name,
    run_count: row.run_count,
    flow_run_run_count: row.flow_run_run_count,
    expected_start_time: wireMoment(row.expected_start_time),
    next_scheduled_start_time: wireMoment(row.next_scheduled_start_time),
    start_time: wireMoment(row.start_time),
    end_time: wireMoment(row.end_time),
    total_run_time: row.total_run_time,
    estimated_run_time: estimatedRunTime(row, now),
    estimated_start_time_delta: estimatedStartTimeDelta(row, now),
    state: currentStateFromRow(row),
  };
}
