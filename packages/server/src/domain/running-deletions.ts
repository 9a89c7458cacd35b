/** Measures time and waits; both in milliseconds. */
export type DeletionTimer = {
  now(): number;
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
};

/** The deletions that this server works on, and when each may go on. */
export type Deletions = {
  /** Milliseconds since any fixed point. */
  now(): number;
  /** Waits for a number of milliseconds, or until {@link stop} is called. */
  wait(milliseconds: number): Promise<void>;
  /** The end of the deletion with this key; undefined if this server does not work on it. */
  underWay(key: string): Promise<void> | undefined;
  /**
   * Does `work` unless a deletion with this key is running, and resolves when that is done. Returns whether it was this work.
   */
  join(key: string, work: () => Promise<void>): Promise<boolean>;
  /**
   * Does one step of a deletion when it is its turn. Between two steps of any deletions there is a pause as long as the
   * previous step, so that they use at most half of the database's time.
   */
  step<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Begins no further step. */
  stop(): void;
  /** Whether {@link stop} was called. */
  isStopped(): boolean;
};

/** The shortest pause between two steps, in milliseconds. */
const shortestPause = 1;
/** The longest pause between two steps, in milliseconds. */
const longestPause = 250;

/** Creates a server's empty list of deletions. */
export function createDeletions(timer: DeletionTimer): Deletions {
  const running = new Map<string, Promise<void>>();
  const stopping = new AbortController();
  let turn: Promise<void> = Promise.resolve();

  async function timed(work: () => Promise<unknown>): Promise<void> {
    const started = timer.now();
    await work().catch(() => {});
    const pause = Math.min(longestPause, Math.max(shortestPause, timer.now() - started));
    await timer.wait(pause, stopping.signal);
  }

  return {
    now: () => timer.now(),
    wait: (milliseconds) => timer.wait(milliseconds, stopping.signal),
    underWay: (key) => running.get(key),
    join: async (key, work) => {
      const present = running.get(key);
      if (present !== undefined) {
        await present;
        return false;
      }
      const mine = work().finally(() => running.delete(key));
      running.set(key, mine);
      await mine;
      return true;
    },
    step: (work) => {
      const done = turn.then(work);
      turn = turn.then(() => timed(() => done));
      return done;
    },
    stop: () => stopping.abort(),
    isStopped: () => stopping.signal.aborted,
  };
}
