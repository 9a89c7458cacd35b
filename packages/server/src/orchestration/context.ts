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
  /** Where the run's process is, as the agent or worker that started it says; null before. */
  infrastructure_pid: string | null;
};

/** The columns of a task run that a transition needs. */
export type TaskRunColumns = RunColumns & {
  flow_run_id: string;
  /** The flow run's `run_count` when the task last started: tells a new attempt of the flow from the old one. */
  flow_run_run_count: number;
  tags: readonly string[];
};

/** What a transition changes on the run: the columns to write and nothing else. */
export type RunPatch = Partial<Omit<RunColumns, 'id'>> & { flow_run_run_count?: number };

/** Where the run stands, as far as the rules ask. */
export type CurrentState = Pick<RunState, 'id' | 'type' | 'name' | 'timestamp'> & {
  state_details: Pick<RunStateDetails, 'scheduled_time' | 'pause_timeout' | 'pause_reschedule'>;
};

/** A state that somebody asks for. What is left out gets its default. */
export type Proposal = {
  type: StateType;
  /** Defaults to the plain name of the type. */
  name?: string | null | undefined;
  message?: string | null | undefined;
  data?: JsonText | undefined;
  state_details?: Partial<RunStateDetails> | undefined;
};

/** What every transition is told. */
export type TransitionContext<Run extends RunColumns> = {
  readonly run: Readonly<Run>;
  /** The run's current state, null where it has none yet. */
  readonly current: Readonly<CurrentState> | null;
  readonly proposal: Readonly<Proposal>;
  /** Skips the rules; the bookkeeping is done all the same. */
  readonly force: boolean;
  readonly now: Timestamp;
  /** Makes a new random id. */
  readonly newId: () => string;
  /** A number from 0 up to, but not including, 1. */
  readonly random: () => number;
};

/** What a flow run's transition is told. */
export type FlowTransitionContext = TransitionContext<FlowRunColumns> & {
  /** What the client speaks; null where it does not say and where the server itself asks. */
  readonly apiVersion: ApiVersion | null;
};

/** What a task run's transition is told. */
export type TaskTransitionContext = TransitionContext<TaskRunColumns> & {
  /** The flow run that the task run belongs to. */
  readonly flowRun: { readonly run_count: number; readonly state_type: StateType | null };
  /** Whether any concurrency limit exists for one of the run's tags. False spares the transition every question about slots. */
  readonly limited: boolean;
};

/** What rules and bookkeeping look at: the context with the run as it has become so far, and the state to be written. */
export type Change<Context> = Context & { readonly proposed: Readonly<RunState> };

/** A change of a flow run's state. */
export type FlowChange = Change<FlowTransitionContext>;

/** A change of a task run's state. */
export type TaskChange = Change<TaskTransitionContext>;

/** What flow runs' and task runs' changes have in common. */
export type AnyChange = Change<TransitionContext<RunColumns>>;

/** What comes out of a transition. */
export type TransitionResult<Run extends RunColumns> = {
  readonly status: SetStateStatus;
  readonly details: SetStateDetails;
  /** The state to insert and to answer with; undefined where the run keeps its current one (answered without its data). */
  readonly state: RunState | undefined;
  /** The columns of the run to write; there may be some even where there is no state to insert. */
  readonly patch: Readonly<RunPatch>;
  /** The run as it is with the patch. */
  readonly run: Readonly<Run>;
};
