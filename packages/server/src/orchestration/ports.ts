import type { RunState, Timestamp } from '@mintaka/contract';
import type { Proposal } from './context.ts';

/** The concurrency limit on one tag and the ids of the task runs that hold its slots. */
export type TagLimit = {
  readonly tag: string;
  readonly concurrency_limit: number;
  readonly active_slots: readonly string[];
};

/** A completed state as the result cache gives it. */
export type CachedState = Pick<RunState, 'type' | 'name' | 'message' | 'data' | 'state_details'>;

/** An entry of the result cache. */
export type CacheEntry = {
  readonly cache_key: string;
  readonly cache_expiration: Timestamp | null;
  readonly task_run_state_id: string;
};

/**
 * What a task run's transition may ask and do besides reading its context, all within the domain's transaction. Every
 * port is called before the transition's result is returned, thus before its state is written: none may need that row.
 */
export type TaskPorts = {
  /** The state of the newest cache entry with this key that has not expired by `now`; undefined where there is none. */
  cachedState(key: string, now: Timestamp): Promise<CachedState | undefined>;
  /** Writes a cache entry. */
  cacheState(entry: CacheEntry): Promise<void>;
  /** The limits on these tags, ordered by tag, locked until the transaction ends. */
  lockLimits(tags: readonly string[]): Promise<readonly TagLimit[]>;
  /** Those of the task runs that exist and have not ended. */
  openTaskRuns(ids: readonly string[]): Promise<ReadonlySet<string>>;
  /** Writes who holds the slots of the given limits. */
  writeSlots(limits: readonly Pick<TagLimit, 'tag' | 'active_slots'>[]): Promise<void>;
};

/** A concurrency limit that leaves no slot free. */
export type FullLimit = {
  readonly of: 'work queue' | 'work pool';
  readonly name: string;
  readonly concurrency_limit: number;
};

/** What a flow run's transition may ask and do besides reading its context; see {@link TaskPorts} for the rules. */
export type FlowPorts = {
  /** Forces the task run that stands for a subflow in its parent into the given state. */
  setParentTaskState(taskRunId: string, proposal: Proposal): Promise<void>;
  /**
   * Forces every failed task run of the flow run into an `AwaitingRetry` state due at `scheduledTime`, then sets its
   * `run_count` to 0.
   */
  retryFailedTasks(flowRunId: string, scheduledTime: Timestamp): Promise<void>;
  /**
   * The limit, of the run's work queue or of its pool, that leaves no slot for one run more; undefined where there is room.
   * Until the transaction ends no other transition is told that there is room.
   */
  fullLimit(): Promise<FullLimit | undefined>;
  /** Whether the run waits in its own process for the retry that its current state announces. */
  waitsInProcess(): Promise<boolean>;
};
