import type { FastifyBaseLogger } from 'fastify';

/** A background loop of the server. */
export type Service = {
  /** Its name in the log. */
  readonly name: string;
  /** Begins to run; returns at once. A second call does no harm. */
  start(): void;
  /** Begins no further round, and answers once the present one is done. A second call does no harm. */
  stop(): Promise<void>;
};

/** Measures time and waits. Passed in, so that a test can let time pass as it likes. */
export type Timer = {
  /** Milliseconds since any fixed moment. */
  now(): number;
  /** Waits so many milliseconds, or until the signal is given. */
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

/** Is told how the rounds of loops went. */
export type LoopObserver = {
  /** A round of the loop of that name ended, or failed, after so many seconds. */
  roundEnded(loop: string, seconds: number, failed: boolean): void;
};

/** What a loop does, and how often. */
export type LoopOptions = {
  name: string;
  /** From the start of a round to the start of the next one; a round that takes longer is followed at once. */
  seconds: number;
  /** One round. Where it fails, that is logged, and the loop goes on. */
  runOnce: () => Promise<void>;
  log: FastifyBaseLogger;
  timer?: Timer;
  observer?: LoopObserver | undefined;
};

/** A loop that runs its rounds one after the other, the first as soon as it is started. */
export function loop({ name, seconds, runOnce, log, timer = systemTimer, observer }: LoopOptions): Service {
  const stopping = new AbortController();
  let running: Promise<void> | undefined;

  async function round(): Promise<boolean> {
    try {
      await runOnce();
      return true;
    } catch (error) {
      log.error({ err: error, service: name }, 'a background loop failed; it goes on');
      return false;
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const started = timer.now();
      const succeeded = await round();
      const ended = timer.now();
      observer?.roundEnded(name, (ended - started) / 1000, !succeeded);
      const rest = started + seconds * 1000 - ended;
      if (rest < 0) log.warn({ service: name, seconds }, 'a round took longer than its interval');
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
