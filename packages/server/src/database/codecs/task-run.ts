import type { JsonText, JsonValue, TaskRun, Timestamp } from '@mintaka/contract';
import type { InferResult } from 'kysely';
import { oncePerBuilder } from './once.ts';
import { taskRunPolicy } from './policies.ts';
import { estimatedRunTime, estimatedStartTimeDelta } from './run-times.ts';
import { currentStateFromRow } from './state.ts';
import { object, objectOf, text, textsOf } from './values.ts';

export type { TaskRun as TaskRunResponse } from '@mintaka/contract';

/** Task runs with everything that an answer needs: current state and its data. */
export const selectTaskRuns = oncePerBuilder((sql) =>
  sql
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
    ]),
);

/** A row of {@link selectTaskRuns}. */
export type TaskRunRow = InferResult<ReturnType<typeof selectTaskRuns>>[number];

/** A task run in the API's form; `now` is for the estimates of runs that have not ended. */
export function taskRunFromRow(row: TaskRunRow, now: Timestamp): TaskRun {
  return {
    id: row.id,
    created: row.created,
    updated: row.updated,
    name: row.name,
    flow_run_id: row.flow_run_id,
    task_key: row.task_key,
    dynamic_key: row.dynamic_key,
    cache_key: row.cache_key,
    cache_expiration: row.cache_expiration,
    task_version: row.task_version,
    empirical_policy: taskRunPolicy(row.empirical_policy),
    tags: textsOf(row.tags),
    state_id: row.state_id,
    task_inputs: taskInputs(row.task_inputs),
    state_type: row.state_type,
    state_name: row.state_name,
    run_count: row.run_count,
    flow_run_run_count: row.flow_run_run_count,
    expected_start_time: row.expected_start_time,
    next_scheduled_start_time: row.next_scheduled_start_time,
    start_time: row.start_time,
    end_time: row.end_time,
    total_run_time: row.total_run_time,
    estimated_run_time: estimatedRunTime(row, now),
    estimated_start_time_delta: estimatedStartTimeDelta(row, now),
    state: currentStateFromRow(row),
  };
}

type TaskInputs = TaskRun['task_inputs'];
type TaskInput = TaskInputs[string][number];

function taskInputs(stored: JsonText): TaskInputs {
  return Object.fromEntries(
    Object.entries(objectOf(stored)).map(([name, sources]) => [
      name,
      Array.isArray(sources) ? sources.map(taskInput) : [],
    ]),
  );
}

function taskInput(stored: JsonValue): TaskInput {
  const source = object(stored);
  switch (source.input_type) {
    case 'task_run':
      return { input_type: 'task_run', id: text(source.id) ?? '' };
    case 'parameter':
      return { input_type: 'parameter', name: text(source.name) ?? '' };
    default:
      return { input_type: 'constant', type: text(source.type) ?? '' };
  }
}
