import type { JsonText, RunKind, StateType, Timestamp } from '@mintaka/contract';
import type { Updateable } from 'kysely';
import type { Statement, Writer } from '../statements.ts';
import type { Tables } from '../tables.ts';

/** A run as a transition reads it, with its current state (`current_*`, null if it has none) in the same row. */
export type RunInTransition = {
  id: string;
  state_id: string | null;
  state_type: StateType | null;
  state_name: string | null;
  state_timestamp: Timestamp | null;
  run_count: number;
  expected_start_time: Timestamp | null;
  next_scheduled_start_time: Timestamp | null;
  start_time: Timestamp | null;
  end_time: Timestamp | null;
  total_run_time: number;
  empirical_policy: JsonText;
  tags: JsonText;
  current_type: StateType | null;
  current_name: string | null;
  current_timestamp: Timestamp | null;
  current_message: string | null;
  current_details: JsonText | null;
} & AnsweredColumns;

/** The stored request that wrote the current state (`answered_*`); null if none is stored. */
type AnsweredColumns = {
  answered_fingerprint: string | null;
  answered_request_id: string | null;
  answered_lost: boolean | null;
  answered_status: string | null;
  answered_details: JsonText | null;
};

/** A flow run that changes its state. */
export type FlowRunInTransition = RunInTransition & {
  deployment_id: string | null;
  parent_task_run_id: string | null;
  work_queue_id: string | null;
  work_queue_name: string | null;
  infrastructure_pid: string | null;
} & WaitingPlace;

/**
 * The work queue of a flow run and its pool, with their concurrency limits; null without a queue, or without a limit of the
 * queue.
 */
type WaitingPlace = {
  queue_name: string | null;
  queue_limit: number | null;
  pool_id: string | null;
  pool_name: string | null;
  pool_limit: number | null;
};

/** A task run that changes its state, with the columns of its flow run that the rules need (`flow_run_*`). */
export type TaskRunInTransition = RunInTransition & {
  flow_run_id: string;
  flow_run_run_count: number;
  flow_run_state_type: StateType | null;
  flow_run_attempts: number | null;
};

/** A state to be written. */
export type NewState = {
  id: string;
  type: StateType;
  name: string;
  timestamp: Timestamp;
  message: string | null;
  /** JSON text. */
  details: string;
  artifactId: string | null;
};

/** The columns of a run that a transition writes, in the order in which statements name them. */
const writtenColumns = [
  'state_id',
  'state_type',
  'state_name',
  'state_timestamp',
  'run_count',
  'flow_run_run_count',
  'expected_start_time',
  'next_scheduled_start_time',
  'start_time',
  'end_time',
  'total_run_time',
  'empirical_policy',
  'updated',
] as const satisfies readonly (keyof RunTables)[];

/** The columns of both tables of runs; only task runs have `flow_run_run_count`. */
type RunTables = Tables['flow_run'] & Tables['task_run'];

/** New values of a run's columns: JSON as text, intervals as the dialect stores them. */
export type StoredRunPatch = Readonly<Partial<Pick<Updateable<RunTables>, (typeof writtenColumns)[number]>>>;

/** The hot statements of a state change. */
export type StateChange = {
  /** Reads a flow run and locks it until the transaction ends. */
  flowRun(session: Writer, id: string): Promise<FlowRunInTransition | undefined>;
  /**
   * Reads the flow runs that are scheduled and that no other transaction has locked, and locks them until the transaction
   * ends.
   */
  scheduledFlowRuns(session: Writer, ids: readonly string[]): Promise<FlowRunInTransition[]>;
  /** Reads a task run and locks it until the transaction ends. */
  taskRun(session: Writer, id: string): Promise<TaskRunInTransition | undefined>;
  /** Reads the task runs that exist, and locks them until the transaction ends. */
  taskRuns(session: Writer, ids: readonly string[]): Promise<TaskRunInTransition[]>;
  /** Adds a state to a run's history. */
  insertState(session: Writer, table: RunKind, runId: string, state: NewState, now: Timestamp): void;
  /** Writes only the columns that a transition changed, so that the indexes on the others need no work. */
  updateRun(session: Writer, table: RunKind, runId: string, patch: StoredRunPatch): void;
  /** Queues a notification for each active policy that matches a flow run's new state by name and tags. */
  queueNotifications(
    session: Writer,
    flowRun: { stateId: string; stateName: string; tags: readonly string[] },
  ): void;
};

const runColumns = `
  run.id, run.state_id, run.state_type, run.state_name, run.state_timestamp, run.run_count,
  run.expected_start_time, run.next_scheduled_start_time, run.start_time, run.end_time, run.total_run_time,
  run.empirical_policy, run.tags,
  state.type as current_type, state.name as current_name, state.timestamp as current_timestamp,
  state.message as current_message, state.state_details as current_details,
  answered.fingerprint as answered_fingerprint, answered.request_id as answered_request_id,
  answered.answer_lost as answered_lost, answered.status as answered_status, answered.details as answered_details`;

const joinAnswered = `
  -- the request that wrote the current state, to recognise it if it comes again
  left join mintaka_answered_request as answered on answered.run_id = run.id and answered.state_id = run.state_id`;

/** Reads {@link FlowRunInTransition} of the runs that `condition` chooses. */
export const selectFlowRun = (condition: string) => `
  select ${runColumns}, run.deployment_id, run.parent_task_run_id, run.work_queue_id, run.work_queue_name,
    run.infrastructure_pid,
    queue.name as queue_name, queue.concurrency_limit as queue_limit,
    pool.id as pool_id, pool.name as pool_name, pool.concurrency_limit as pool_limit
  from flow_run as run
  left join flow_run_state as state on state.id = run.state_id
  -- where it waits, for the concurrency limits
  left join work_queue as queue on queue.id = run.work_queue_id
  left join work_pool as pool on pool.id = queue.work_pool_id
  ${joinAnswered}
  where ${condition}`;

/** Reads {@link TaskRunInTransition} of the runs that `condition` chooses. */
export const selectTaskRun = (condition: string) => `
  select ${runColumns}, run.flow_run_id, run.flow_run_run_count,
    flow_run.state_type as flow_run_state_type, flow_run.run_count as flow_run_attempts
  from task_run as run
  left join task_run_state as state on state.id = run.state_id
  ${joinAnswered}
  -- a task run may have no flow run
  left join flow_run on flow_run.id = run.flow_run_id
  where ${condition}`;

/** The insert of a state, without its ten values; see {@link stateValues}. */
export const insertState = (table: RunKind) => `
  insert into ${table}_state
    (id, created, updated, type, timestamp, name, message, state_details, ${table}_id, result_artifact_id)`;

/** The values of {@link insertState}, in its order. */
export function stateValues(runId: string, state: NewState, now: Timestamp): unknown[] {
  const { id, type, timestamp, name, message, details, artifactId } = state;
  return [id, now, now, type, timestamp, name, message, details, runId, artifactId];
}

/** The update of {@link StateChange.updateRun}; `place` returns the parameter of a number, from 1 on. */
export function updateOf(
  table: RunKind,
  runId: string,
  patch: StoredRunPatch,
  place: (number: number) => string,
): Statement {
  const columns = writtenColumns.filter((column) => patch[column] !== undefined);
  const sets = columns.map((column, index) => `${column} = ${place(index + 1)}`).join(', ');
  return {
    sql: `update ${table} set ${sets} where id = ${place(columns.length + 1)}`,
    parameters: [...columns.map((column) => patch[column]), runId],
  };
}

/** The parameters of {@link StateChange.queueNotifications}: the state's id, its name in a JSON array, the tags as JSON. */
export function notificationValues(
  flowRun: Parameters<StateChange['queueNotifications']>[1],
): readonly unknown[] {
  const { stateId, stateName, tags } = flowRun;
  return [stateId, JSON.stringify([stateName]), JSON.stringify(tags)];
}
