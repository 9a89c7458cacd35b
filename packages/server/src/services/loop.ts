import { TemporaryDatabaseError } from '../domain/errors.ts';
import type { Log } from '../log.ts';

/** A background loop of the server. */
export type Service = {
  /** Its name in the log. */
  readonly name: string;
  /** Starts the loop; returns immediately. Idempotent. */
  start(): void;
  /** Stops after the current round. Idempotent. */
  stop(): Promise<void>;
};

/** Measures time and waits. Passed in, so that tests can control time. */
export type Timer = {
  /** Milliseconds since any fixed point. */
  now(): number;
  /** Waits for a number of milliseconds, or until the signal is aborted. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
};

/** The machine's own time. */
export const systemTimer: Timer = {
  now: () => performance.now(),
  wait: (milliseconds, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const timeout = setTimeout(done, milliseconds);
      signal.addEventListener('abort', done, { once: true });
      function done() {
        clearTimeout(timeout);
        signal.removeEventListener('abort', done);
        resolve();
      }
    }),
};

/** Receives reports about the rounds of loops. */
export type LoopObserver = {
  /** A round of this loop begins. The returned function, if any, is called at its end. */
  roundBegan?(loop: string): () => void;
  /** A round of this loop ended, or failed, after a number of seconds. */
  roundEnded(loop: string, seconds: number, failed: boolean): void;
};

/** The work of a loop, and its interval. */
export type LoopOptions = {
  name: string;
  /**
   * From the start of a round to the start of the next one; a round that takes longer is followed immediately by the next.
   */
  seconds: number;
  /** One round. If it fails, the loop continues; consecutive rounds that fail for the same reason are logged once. */
  runOnce: () => Promise<void>;
  log: Log;
  timer?: Timer;
  observer?: LoopObserver | undefined;
};

/** The kind of a failure: all temporary faults of the database are the same outage. */
function reasonOf(error: unknown): string {
  if (error instanceof TemporaryDatabaseError) return error.name;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** A loop that runs its rounds one by one, the first immediately after the start. */
export function loop({ name, seconds, runOnce, log, timer = systemTimer, observer }: LoopOptions): Service {
  const stopping = new AbortController();
  let running: Promise<void> | undefined;
  // Failures without a success in between; the first of a kind is logged.
  let failures = 0;
  let logged: string | undefined;

  async function round(): Promise<boolean> {
    try {
      await runOnce();
    } catch (error) {
      failures += 1;
      const reason = reasonOf(error);
      if (reason !== logged) logFailure(error);
      logged = reason;
      return false;
    }
    if (failures > 0) log.warn({ service: name, failures }, 'background loop recovered');
    failures = 0;
    logged = undefined;
    return true;
  }

  function logFailure(error: unknown): void {
    const temporary = error instanceof TemporaryDatabaseError;
    const fields = temporary ? { service: name, reason: error.message } : { service: name, err: error };
    log[temporary ? 'warn' : 'error'](fields, 'background loop failed; continuing');
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const started = timer.now();
      const roundEnds = observer?.roundBegan?.(name);
      const succeeded = await round();
      roundEnds?.();
      const ended = timer.now();
      observer?.roundEnded(name, (ended - started) / 1000, !succeeded);
      const rest = started + seconds * 1000 - ended;
      if (rest < 0 && succeeded)
        log.warn({ service: name, seconds }, 'a round took longer than the interval');
      await timer.wait(Math.max(rest, 0), stopping.signal);
    }
  }

  return {
    name,
    start: () => {
      running ??= run();
    },
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}
