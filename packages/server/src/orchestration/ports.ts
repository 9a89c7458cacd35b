import type { RunState, Timestamp } from '@mintaka/contract';
import type { Proposal } from './context.ts';

/** The concurrency limit of one tag and the ids of the task runs that hold its slots. */
export type TagLimit = {
  readonly tag: string;
  readonly concurrency_limit: number;
  readonly active_slots: readonly string[];
};

/** A completed state from the result cache. */
export type CachedState = Pick<RunState, 'type' | 'name' | 'message' | 'data' | 'state_details'>;

/** An entry of the result cache. */
export type CacheEntry = {
  readonly cache_key: string;
  readonly cache_expiration: Timestamp | null;
  readonly task_run_state_id: string;
};

/**
 * What a task run's transition may read and do in addition to its context, within the domain's transaction. All ports are
 * called before the transition's result is returned, so before its state is written: they must not rely on that row.
 */
export type TaskPorts = {
  /** The state of the newest cache entry with this key that has not expired by `now`; undefined without one. */
  cachedState(key: string, now: Timestamp): Promise<CachedState | undefined>;
  /** Writes a cache entry. */
  cacheState(entry: CacheEntry): Promise<void>;
  /** The limits on these tags, ordered by tag, locked until the transaction ends. */
  lockLimits(tags: readonly string[]): Promise<readonly TagLimit[]>;
  /** Those of the task runs that exist and have not ended. */
  openTaskRuns(ids: readonly string[]): Promise<ReadonlySet<string>>;
  /** Writes the slots of the given limits. */
  writeSlots(limits: readonly Pick<TagLimit, 'tag' | 'active_slots'>[]): Promise<void>;
};

/** A concurrency limit without a free slot. */
export type FullLimit = {
  readonly of: 'work queue' | 'work pool';
  readonly name: string;
  readonly concurrency_limit: number;
};

/** What a flow run's transition may read and do in addition to its context; see {@link TaskPorts} for the rules. */
export type FlowPorts = {
  /** Forces the task run that represents a subflow in its parent into the given state. */
  setParentTaskState(taskRunId: string, proposal: Proposal): Promise<void>;
  /**
   * Forces every failed task run of the flow run into an `AwaitingRetry` state due at `scheduledTime`, then sets its
   * `run_count` to 0.
   */
  retryFailedTasks(flowRunId: string, scheduledTime: Timestamp): Promise<void>;
  /**
   * The limit of the run's work queue or of its pool that has no free slot; undefined if there is one. Locks the pool, so no
   * other transaction can take that slot before this one ends.
   */
  fullLimit(): Promise<FullLimit | undefined>;
  /** Whether the run waits in its own process for the retry that its current state announces. */
  waitsInProcess(): Promise<boolean>;
};
