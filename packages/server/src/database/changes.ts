import type { StateType } from '@mintaka/contract';

/** What changed: the kinds of the API, or everything at once. */
export type ChangeKind =
  | 'agent'
  | 'block_document'
  | 'block_schema'
  | 'block_type'
  | 'concurrency_limit'
  | 'deployment'
  | 'everything'
  | 'flow'
  | 'flow_run'
  | 'flow_run_notification_policy'
  | 'log'
  | 'saved_search'
  | 'task_run'
  | 'work_pool'
  | 'work_queue'
  | 'worker';

/** A committed change: what and which, never the contents. */
export type Change = {
  readonly kind: ChangeKind;
  /** Null if several changed together, or if it is not known which. */
  readonly id: string | null;
  /** `seen`: only the time of the last sign of life changed, of a worker, an agent or the queue that was polled. */
  readonly action: 'created' | 'changed' | 'deleted' | 'seen';
  /** The flow run that it belongs to: of a flow run itself, a task run or logs. */
  readonly flow_run_id: string | null;
  /** The state that a run entered; null if its state did not change. */
  readonly state_type: StateType | null;
  /** The work queue that a flow run waits in. */
  readonly work_queue_id: string | null;
};

/** A change as it is noted: what is left out is null. */
export type NewChange = Pick<Change, 'kind' | 'id' | 'action'> & Partial<Change>;

/** Hears of changes. Its functions return at once and do not throw. */
export type ChangeListener = {
  /** Changes that were committed, in the order of their commits as far as one row is concerned. */
  changed(changes: readonly Change[]): void;
  /** Changes may have been missed: read again whatever you know. */
  resync(): void;
};

/** Tells what is committed to the database by this server, by other servers of ours, and roughly by other programs. */
export type ChangeFeed = {
  /** Adds a listener; it hears of every change that is committed from now on. Call the answer to remove it. */
  listen(listener: ChangeListener): () => void;
  /** Forgets changes that every server has heard of. */
  forgetOld(): Promise<void>;
};

/** Hands changes to the listeners of one process. */
export type ChangeHub = {
  readonly listeners: number;
  listen: ChangeFeed['listen'];
  publish(changes: readonly Change[]): void;
  resync(): void;
};

/** @param onFirst is called when the first listener comes. */
export function createChangeHub(onFirst: () => void): ChangeHub {
  const listeners = new Set<ChangeListener>();
  return {
    get listeners() {
      return listeners.size;
    },
    listen: (listener) => {
      // Each call is a listener of its own, also for the same object.
      const own = { ...listener };
      listeners.add(own);
      if (listeners.size === 1) onFirst();
      return () => listeners.delete(own);
    },
    publish: (changes) => {
      for (const listener of [...listeners]) listener.changed(changes);
    },
    resync: () => {
      for (const listener of [...listeners]) listener.resync();
    },
  };
}

/** A change with everything that was left out as null. */
export function wholeChange(change: NewChange): Change {
  return { flow_run_id: null, state_type: null, work_queue_id: null, ...change };
}
