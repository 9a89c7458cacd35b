import type { Timestamp } from '@mintaka/contract';
import type { Reader, Writer } from '../statements.ts';

/** A run that a schedule creates. JSON is text. */
export type NewScheduledRun = {
  id: string;
  name: string;
  flow_id: string;
  deployment_id: string;
  work_queue_name: string | null;
  work_queue_id: string | null;
  infrastructure_document_id: string | null;
  parameters: string;
  tags: string;
  /** The same for the same deployment and date, so that a second insert does nothing. */
  idempotency_key: string;
  /** Its scheduled start. */
  date: Timestamp;
};

/** Unique key of a scheduled run. */
export type RunKey = Pick<NewScheduledRun, 'flow_id' | 'idempotency_key'>;

/** The first state of a scheduled run. */
export type NewScheduledState = { id: string; flow_run_id: string; state_details: string };

/** Writes the runs of schedules, many at once. */
export type ScheduledRuns = {
  /**
   * The maximum number of runs in one transaction. SQLite writes on the event loop, where 50 take about ten milliseconds;
   * Postgres is faster with more.
   */
  readonly atOnce: number;
  /** Which keys are already taken. If many are, checking first is cheaper than failing inserts. */
  takenKeys(session: Reader, wanted: readonly RunKey[]): Promise<string[]>;
  /** Inserts each run whose key is free, with its first state. Returns the number of inserted runs. */
  insertRunsWithStates(session: Writer, runs: readonly RunWithState[], now: Timestamp): Promise<number>;
};

/** A run with its first state. */
export type RunWithState = { run: NewScheduledRun; state: NewScheduledState };

/** The columns of {@link NewScheduledRun}, in the order of the statements' parameters. */
export const sentColumns = [
  'id',
  'name',
  'flow_id',
  'deployment_id',
  'work_queue_name',
  'work_queue_id',
  'infrastructure_document_id',
  'parameters',
  'tags',
  'idempotency_key',
  'date',
] as const satisfies readonly (keyof NewScheduledRun)[];

/** The columns of `flow_run` that are written. */
export const runColumns = `
  id, name, flow_id, deployment_id, work_queue_name, work_queue_id, infrastructure_document_id, parameters, tags,
  idempotency_key, expected_start_time, next_scheduled_start_time, created, updated, state_type, state_name,
  auto_scheduled, context, empirical_policy, total_run_time`;

/** The empirical policy of a run that never ran. */
export const policy =
  '{"max_retries": 0, "retry_delay_seconds": 0, "retries": null, "retry_delay": null, "pause_keys": [], "resuming": false}';

/** Skips runs whose key is taken. */
export const onceForEachKey = 'on conflict (flow_id, idempotency_key) do nothing';

/** The columns of `flow_run_state` that are written. */
export const stateColumns =
  'id, flow_run_id, state_details, created, updated, timestamp, type, name, message, data';

/** The message of the first state. */
export const message = 'Flow run scheduled';

/** The keys of rows. */
export function keysOf(rows: readonly { idempotency_key: string }[]): string[] {
  return rows.map(({ idempotency_key }) => idempotency_key);
}
