import type { StateType } from '@mintaka/contract';

/** What changed: a kind of row of the API, or several kinds at once. */
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

/** A committed change: the kind and the id, never the contents. */
export type Change = {
  readonly kind: ChangeKind;
  /** Null if several rows changed together, or if the id is unknown. */
  readonly id: string | null;
  /** `seen`: only the time of the last heartbeat or poll changed, of a worker, an agent or a queue. */
  readonly action: 'created' | 'changed' | 'deleted' | 'seen';
  /** The flow run of the row: of a flow run itself, a task run or logs. */
  readonly flow_run_id: string | null;
  /** The state that a run entered; null if its state did not change. */
  readonly state_type: StateType | null;
  /** The work queue that a flow run waits in. */
  readonly work_queue_id: string | null;
};

/** A change as recorded; omitted fields are null. */
export type NewChange = Pick<Change, 'kind' | 'id' | 'action'> & Partial<Change>;

/** Receives changes. Its functions return immediately and do not throw. */
export type ChangeListener = {
  /** Changes that were committed, in the order of their commits as far as one row is concerned. */
  changed(changes: readonly Change[]): void;
  /** Changes may have been missed: read everything again. */
  resync(): void;
};

/** Reports what this server, other servers of ours and, roughly, other programs commit to the database. */
export type ChangeFeed = {
  /** Adds a listener, which receives every change committed from now on. Call the returned function to remove it. */
  listen(listener: ChangeListener): () => void;
  /** Deletes changes that every server has read. */
  forgetOld(): Promise<void>;
};

/** Passes changes to the listeners of one process. */
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
      // Each call is a separate listener, even for the same object.
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

/** A change with all omitted fields set to null. */
export function wholeChange(change: NewChange): Change {
  return { flow_run_id: null, state_type: null, work_queue_id: null, ...change };
}
