import {
  type JsonValue,
  type State,
  type StateDetails,
  type StateType,
  type Timestamp,
  wireTimestamp,
} from '@mintaka/contract';
import { oncePerBuilder } from './once.ts';
import { isFalsy, object, text } from './values.ts';

export type { State as StateResponse } from '@mintaka/contract';

/** A row of {@link selectFlowRunStates} or {@link selectTaskRunStates}. */
export type StateRow = {
  id: string;
  type: StateType;
  name: string;
  timestamp: Timestamp;
  message: string | null;
  data: JsonValue | null;
  artifact_data: JsonValue | null;
  state_details: JsonValue;
};

/** The current state in a row of a run: `current_*` columns, null where the run has no state. */
export type CurrentStateColumns = {
  state_id: string | null;
  current_type: StateType | null;
  current_name: string | null;
  current_timestamp: Timestamp | null;
  current_message: string | null;
  current_details: JsonValue | null;
  current_data: JsonValue | null;
  current_artifact_data: JsonValue | null;
};

/** States of flow runs, each with the data of its artifact. */
export const selectFlowRunStates = oncePerBuilder((sql) =>
  sql
    .selectFrom('flow_run_state')
    .leftJoin('artifact', 'artifact.id', 'flow_run_state.result_artifact_id')
    .select(['flow_run_state.id', 'flow_run_state.type', 'flow_run_state.name', 'flow_run_state.timestamp'])
    .select(['flow_run_state.message', 'flow_run_state.state_details', 'flow_run_state.data'])
    .select('artifact.data as artifact_data'),
);

/** States of task runs, each with the data of its artifact. */
export const selectTaskRunStates = oncePerBuilder((sql) =>
  sql
    .selectFrom('task_run_state')
    .leftJoin('artifact', 'artifact.id', 'task_run_state.result_artifact_id')
    .select(['task_run_state.id', 'task_run_state.type', 'task_run_state.name', 'task_run_state.timestamp'])
    .select(['task_run_state.message', 'task_run_state.state_details', 'task_run_state.data'])
    .select('artifact.data as artifact_data'),
);

/** A state as the API answers it. */
export function stateFromRow(row: StateRow): State {
  return {
    id: row.id,
    type: row.type,
    name: row.name,
    timestamp: wireTimestamp(row.timestamp),
    message: row.message,
    data: stateData(row.data, row.artifact_data),
    state_details: stateDetails(row.state_details),
  };
}

/** The current state of a run as the API answers it. */
export function currentStateFromRow(row: CurrentStateColumns): State | null {
  const { state_id: id, current_type: type, current_name: name, current_timestamp: timestamp } = row;
  if (id === null || type === null || name === null || timestamp === null) return null;
  return {
    id,
    type,
    name,
    timestamp: wireTimestamp(timestamp),
    message: row.current_message,
    data: stateData(row.current_data, row.current_artifact_data),
    state_details: stateDetails(row.current_details),
  };
}

/** What a state carries: its own data, as older releases wrote it, else that of its artifact. */
function stateData(own: JsonValue | null, artifact: JsonValue | null): JsonValue {
  return isFalsy(own) ? artifact : own;
}

/** Stored details with all fields; their moments already have the API's form. */
function stateDetails(stored: JsonValue): StateDetails {
  const details = object(stored);
  const { refresh_cache } = details;
  return {
    flow_run_id: text(details.flow_run_id),
    task_run_id: text(details.task_run_id),
    child_flow_run_id: text(details.child_flow_run_id),
    scheduled_time: text(details.scheduled_time),
    cache_key: text(details.cache_key),
    cache_expiration: text(details.cache_expiration),
    untrackable_result: details.untrackable_result === true,
    pause_timeout: text(details.pause_timeout),
    pause_reschedule: details.pause_reschedule === true,
    pause_key: text(details.pause_key),
    refresh_cache: typeof refresh_cache === 'boolean' ? refresh_cache : null,
  };
}
