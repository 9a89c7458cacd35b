/** Measures time and waits; both in milliseconds. */
export type DeletionTimer = {
  now(): number;
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
};

/** The deletions that this server works on, and when each may go on. */
export type Deletions = {
  /** Milliseconds since any fixed moment. */
  now(): number;
  /** Waits so many milliseconds, or until {@link stop} is called. */
  wait(milliseconds: number): Promise<void>;
  /** The end of the deletion with this key; undefined if this server does not work on it. */
  underWay(key: string): Promise<void> | undefined;
  /** Does `work` unless a deletion with this key is under way, and answers once that is done. Tells whether it was this work. */
  join(key: string, work: () => Promise<void>): Promise<boolean>;
  /**
   * Does one step of a deletion when it is its turn. Between two steps, of whatever deletions, there is a pause as long as
   * the last step took, so that they take half of the database's time at most.
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

/** Makes a server's list of deletions, empty. */
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
