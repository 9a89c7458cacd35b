import type { JsonText } from './json.ts';
import type { Timestamp } from './timestamp.ts';

/** The kinds of runs, by the names of their tables. */
export type RunKind = 'flow_run' | 'task_run';

/** The types of states, in the API's order. */
export const STATE_TYPES = [
  'SCHEDULED',
  'PENDING',
  'RUNNING',
  'COMPLETED',
  'FAILED',
  'CANCELLED',
  'CRASHED',
  'PAUSED',
  'CANCELLING',
] as const;

/** What a run is doing; the state's name may be more specific. */
export type StateType = (typeof STATE_TYPES)[number];

/** The types that end a run. */
export const TERMINAL_STATE_TYPES = ['COMPLETED', 'CANCELLED', 'FAILED', 'CRASHED'] as const;

/** A type that ends a run. */
export type TerminalStateType = (typeof TERMINAL_STATE_TYPES)[number];

/** Names that the server or its clients give to states, in addition to the names of the types. */
export const STATE_NAMES = {
  late: 'Late',
  awaitingRetry: 'AwaitingRetry',
  retrying: 'Retrying',
  rerunning: 'Rerunning',
  resuming: 'Resuming',
  cached: 'Cached',
  notReady: 'NotReady',
} as const;

/** Whether a run in such a state has ended. */
export function isTerminal(type: StateType): type is TerminalStateType {
  return type === 'COMPLETED' || type === 'CANCELLED' || type === 'FAILED' || type === 'CRASHED';
}

/** The default name of a state: its type in title case, `Scheduled` for `SCHEDULED`. */
export function defaultStateName(type: StateType): string {
  return type[0] + type.slice(1).toLowerCase();
}

/** The details of a state in the server: timestamps are in canonical form. */
export type RunStateDetails = {
  flow_run_id: string | null;
  task_run_id: string | null;
  /** The subflow's run, on the task run that represents it in its parent. */
  child_flow_run_id: string | null;
  scheduled_time: Timestamp | null;
  cache_key: string | null;
  cache_expiration: Timestamp | null;
  untrackable_result: boolean;
  pause_timeout: Timestamp | null;
  pause_reschedule: boolean;
  pause_key: string | null;
  refresh_cache: boolean | null;
};

/** Empty details of a state, in the order in which they are stored. */
export const NO_STATE_DETAILS: Readonly<RunStateDetails> = {
  flow_run_id: null,
  task_run_id: null,
  child_flow_run_id: null,
  scheduled_time: null,
  cache_key: null,
  cache_expiration: null,
  untrackable_result: false,
  pause_timeout: null,
  pause_reschedule: false,
  pause_key: null,
  refresh_cache: null,
};

/** A state of a run in the server: timestamps are in canonical form. */
export type RunState = {
  id: string;
  type: StateType;
  name: string;
  timestamp: Timestamp;
  message: string | null;
  /** A result or a reference to one, as the client sent it. */
  data: JsonText;
  state_details: RunStateDetails;
};
