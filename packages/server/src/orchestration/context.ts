import type {
  JsonText,
  RunState,
  RunStateDetails,
  SetStateDetails,
  SetStateStatus,
  StateType,
  Timestamp,
} from '@mintaka/contract';
import type { ApiVersion } from './api-version.ts';

/** The columns of a run, flow run or task run, that a transition reads and writes. Durations are seconds. */
export type RunColumns = {
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
};

/** The columns of a flow run that a transition needs. */
export type FlowRunColumns = RunColumns & {
  deployment_id: string | null;
  parent_task_run_id: string | null;
  work_queue_id: string | null;
  work_queue_name: string | null;
  /** The run's process, as reported by the agent or worker that started it; null before. */
  infrastructure_pid: string | null;
};

/** The columns of a task run that a transition needs. */
export type TaskRunColumns = RunColumns & {
  flow_run_id: string;
  /** The flow run's `run_count` when the task last started: distinguishes attempts of the flow. */
  flow_run_run_count: number;
  tags: readonly string[];
};

/** The columns of the run that a transition changes. */
export type RunPatch = Partial<Omit<RunColumns, 'id'>> & { flow_run_run_count?: number };

/** The current state of the run, as far as the rules need it. */
export type CurrentState = Pick<RunState, 'id' | 'type' | 'name' | 'timestamp'> & {
  state_details: Pick<RunStateDetails, 'scheduled_time' | 'pause_timeout' | 'pause_reschedule'>;
};

/** A proposed state. Omitted fields get their defaults. */
export type Proposal = {
  type: StateType;
  /** Defaults to the plain name of the type. */
  name?: string | null | undefined;
  message?: string | null | undefined;
  data?: JsonText | undefined;
  state_details?: Partial<RunStateDetails> | undefined;
};

/** The input of every transition. */
export type TransitionContext<Run extends RunColumns> = {
  readonly run: Readonly<Run>;
  /** The run's current state; null if it has none. */
  readonly current: Readonly<CurrentState> | null;
  readonly proposal: Readonly<Proposal>;
  /** Skips the rules; the bookkeeping still applies. */
  readonly force: boolean;
  readonly now: Timestamp;
  /** Returns a new random id. */
  readonly newId: () => string;
  /** A number from 0 up to, but not including, 1. */
  readonly random: () => number;
};

/** The input of a flow run's transition. */
export type FlowTransitionContext = TransitionContext<FlowRunColumns> & {
  /** The client's API version; null if it sends none, and if the server itself proposes. */
  readonly apiVersion: ApiVersion | null;
};

/** The input of a task run's transition. */
export type TaskTransitionContext = TransitionContext<TaskRunColumns> & {
  /** The flow run that the task run belongs to. */
  readonly flowRun: { readonly run_count: number; readonly state_type: StateType | null };
  /** Whether any concurrency limit exists for one of the run's tags. False spares the transition every question about slots. */
  readonly limited: boolean;
};

/** The input of rules and bookkeeping: the context with the run as changed so far, and the state to be written. */
export type Change<Context> = Context & { readonly proposed: Readonly<RunState> };

/** A change of a flow run's state. */
export type FlowChange = Change<FlowTransitionContext>;

/** A change of a task run's state. */
export type TaskChange = Change<TaskTransitionContext>;

/** The common part of flow runs' and task runs' changes. */
export type AnyChange = Change<TransitionContext<RunColumns>>;

/** The result of a transition. */
export type TransitionResult<Run extends RunColumns> = {
  readonly status: SetStateStatus;
  readonly details: SetStateDetails;
  /** The state to insert and to answer with; undefined if the run keeps its current one (returned without its data). */
  readonly state: RunState | undefined;
  /** The columns of the run to write; there may be some even if no state is inserted. */
  readonly patch: Readonly<RunPatch>;
  /** The run after the patch. */
  readonly run: Readonly<Run>;
};
