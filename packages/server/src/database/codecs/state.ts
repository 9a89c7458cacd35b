import { JSON_NULL, type JsonText, type State, type StateType, type Timestamp } from '@mintaka/contract';
import { oncePerBuilder } from './once.ts';
import { stateDetailsFromJson } from './state-details.ts';
import { isFalsy } from './values.ts';

export type { State as StateResponse } from '@mintaka/contract';

/** A row of {@link selectFlowRunStates} or {@link selectTaskRunStates}. */
export type StateRow = {
  id: string;
  type: StateType;
  name: string;
  timestamp: Timestamp;
  message: string | null;
  data: JsonText | null;
  artifact_data: JsonText | null;
  state_details: JsonText;
};

/** The current state in a row of a run: `current_*` columns, null if the run has no state. */
export type CurrentStateColumns = {
  state_id: string | null;
  current_type: StateType | null;
  current_name: string | null;
  current_timestamp: Timestamp | null;
  current_message: string | null;
  current_details: JsonText | null;
  current_data: JsonText | null;
  current_artifact_data: JsonText | null;
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

/** A state in the API's form. */
export function stateFromRow(row: StateRow): State {
  return {
    id: row.id,
    type: row.type,
    name: row.name,
    timestamp: row.timestamp,
    message: row.message,
    data: stateData(row.data, row.artifact_data),
    state_details: stateDetailsFromJson(row.state_details),
  };
}

/** The current state of a run in the API's form. */
export function currentStateFromRow(row: CurrentStateColumns): State | null {
  const { state_id: id, current_type: type, current_name: name, current_timestamp: timestamp } = row;
  if (id === null || type === null || name === null || timestamp === null) return null;
  return {
    id,
    type,
    name,
    timestamp,
    message: row.current_message,
    data: stateData(row.current_data, row.current_artifact_data),
    state_details: stateDetailsFromJson(row.current_details),
  };
}

/** The data of a state: its own, as older releases wrote it, or that of its artifact. */
function stateData(own: JsonText | null, artifact: JsonText | null): JsonText {
  if (own !== null && !isFalsyText(own)) return own;
  return artifact ?? JSON_NULL;
}

/** The maximum length of a falsy value, such as `-0.0` or `false`, with room for spaces and zeros. */
const longestFalsy = 30;

function isFalsyText(data: JsonText): boolean {
  return data.text.length <= longestFalsy && isFalsy(data.parse());
}
