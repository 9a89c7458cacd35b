import type { JsonText, RunKind, StateType, Timestamp } from '@mintaka/contract';
import type { Updateable } from 'kysely';
import type { DialectName } from '../dialect-name.ts';
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

/** What is remembered of the request that wrote the current state (`answered_*`); null where nothing is. */
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

/** The work queue of a flow run and its pool, with their concurrency limits; null where it has none. */
type WaitingPlace = {
  queue_name: string | null;
  queue_limit: number | null;
  pool_id: string | null;
  pool_name: string | null;
  pool_limit: number | null;
};

/** A task run that changes its state, with what the rules ask of its flow run (`flow_run_*`). */
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

/** The columns of both tables of runs; `flow_run_run_count` is a task run's alone. */
type RunTables = Tables['flow_run'] & Tables['task_run'];

/** What becomes of the columns of a run: JSON as text, intervals as the dialect stores them. */
export type StoredRunPatch = Readonly<Partial<Pick<Updateable<RunTables>, (typeof writtenColumns)[number]>>>;

/** The hot statements of a state change. */
export type StateChange = {
  /** Reads a flow run and keeps it from others until the transaction ends. */
  flowRun(session: Writer, id: string): Promise<FlowRunInTransition | undefined>;
  /** Reads a task run and keeps it from others until the transaction ends. */
  taskRun(session: Writer, id: string): Promise<TaskRunInTransition | undefined>;
  /** Writes a state of a run. */
  insertState(session: Writer, table: RunKind, runId: string, state: NewState, now: Timestamp): void;
  /** Writes the columns that a transition changed; the others keep out of the statement and out of its indexes. */
  updateRun(session: Writer, table: RunKind, runId: string, patch: StoredRunPatch): void;
  /** Puts a message into the queue for each active policy that matches a flow run's new state by name and by tags. */
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
  left join mintaka_answered_request as answered on answered.run_id = run.id and answered.state_id = run.state_id`;

const readFlowRun = `
  select ${runColumns}, run.deployment_id, run.parent_task_run_id, run.work_queue_id, run.work_queue_name,
    run.infrastructure_pid,
    queue.name as queue_name, queue.concurrency_limit as queue_limit,
    pool.id as pool_id, pool.name as pool_name, pool.concurrency_limit as pool_limit
  from flow_run as run
  left join flow_run_state as state on state.id = run.state_id
  left join work_queue as queue on queue.id = run.work_queue_id
  left join work_pool as pool on pool.id = queue.work_pool_id
  ${joinAnswered}
  where run.id = $1`;

const readTaskRun = `
  select ${runColumns}, run.flow_run_id, run.flow_run_run_count,
    flow_run.state_type as flow_run_state_type, flow_run.run_count as flow_run_attempts
  from task_run as run
  left join task_run_state as state on state.id = run.state_id
  ${joinAnswered}
  left join flow_run on flow_run.id = run.flow_run_id
  where run.id = $1`;

const insertState = (table: string) => `
  insert into ${table}_state
    (id, created, updated, type, timestamp, name, message, state_details, ${table}_id, result_artifact_id)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`;

const insertFlowRunState = insertState('flow_run');
const insertTaskRunState = insertState('task_run');

/** The hot statements in one dialect's spelling. */
export function stateChange(name: DialectName, queueNotifications: string): StateChange {
  const spell = name === 'sqlite' ? (text: string) => text.replaceAll(/\$\d+/g, '?') : (text: string) => text;
  const flowRunText = spell(readFlowRun);
  const taskRunText = spell(readTaskRun);
  const stateTexts = { flow_run: spell(insertFlowRunState), task_run: spell(insertTaskRunState) };
  const notificationsText = spell(queueNotifications);
  // differs because Postgres has many writers: the row is locked between reading and writing. SQLite has one.
  // By a statement of its own, sent in the same flight: one that joins the state would, after waiting for the lock,
  // go on with the states as they were before it waited, and find none.
  const lock = (session: Writer, table: string, id: string) => {
    if (name === 'sqlite') return;
    session.send(statement(`select from ${table} where id = $1 for no key update`, [id]));
  };
  return {
    flowRun: async (session, id) => {
      lock(session, 'flow_run', id);
      return (await session.ask<FlowRunInTransition>(statement(flowRunText, [id])))[0];
    },
    taskRun: async (session, id) => {
      lock(session, 'task_run', id);
      return (await session.ask<TaskRunInTransition>(statement(taskRunText, [id])))[0];
    },
    insertState: (session, table, runId, state, now) => {
      const { id, type, timestamp, name, message, details, artifactId } = state;
      const values = [id, now, now, type, timestamp, name, message, details, runId, artifactId];
      session.send(statement(stateTexts[table], values));
    },
    updateRun: (session, table, runId, patch) => {
      const columns = writtenColumns.filter((column) => patch[column] !== undefined);
      const sets = columns.map((column, place) => `${column} = $${place + 1}`).join(', ');
      const text = spell(`update ${table} set ${sets} where id = $${columns.length + 1}`);
      session.send(statement(text, [...columns.map((column) => patch[column]), runId]));
    },
    queueNotifications: (session, { stateId, stateName, tags }) => {
      session.send(
        statement(notificationsText, [stateId, JSON.stringify([stateName]), JSON.stringify(tags)]),
      );
    },
  };
}

function statement(sql: string, parameters: readonly unknown[]): Statement {
  return { sql, parameters };
}
