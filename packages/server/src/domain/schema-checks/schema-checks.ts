import { Worker } from 'node:worker_threads';
import { SCHEMA_CHECK } from '@mintaka/contract';
import { TemporarilyUnavailableError } from '../errors.ts';

/** Overrides to be judged by a template of jobs, both as JSON text. */
export type Check = { template: string; overrides: string };

/**
 * Whether overrides fit; if they do not, which error Prefect would name, and its words. `unfinished` says why there is no
 * verdict: the check took more than it may.
 */
export type Verdict =
  | { status: 'valid' }
  | { status: 'invalid'; kind: 'ValidationError' | 'SchemaError'; problem: string }
  | { status: 'unfinished'; reason: string };

/** Judges overrides by schemas of users, which can ask for any amount of work, without holding up anything else. */
export type SchemaChecks = {
  /** @throws TemporarilyUnavailableError if too many checks are waiting, or the server is stopping */
  judge(check: Check): Promise<Verdict>;
  /** Ends the thread; checks that are waiting fail. */
  close(): Promise<void>;
};

/** What a check may take: seconds, mebibytes, and how many may wait for each other. */
export type CheckLimits = { seconds: number; mebibytes: number; waiting: number };

type Waiting = Check & PromiseWithResolvers<Verdict>;

/** How long the thread is kept without a check, in seconds; to start it takes a tenth of one. */
const idleSeconds = 60;

/**
 * Judges in a thread of its own, one check after the other, each within a time and a memory of its own: a check that takes more
 * is ended together with the thread. The thread starts with the first check.
 */
export function createSchemaChecks(limits: CheckLimits = SCHEMA_CHECK): SchemaChecks {
  const waiting: Waiting[] = [];
  let thread: Worker | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  /** Calls back when the check at hand, or the rest of the thread, has taken so long. */
  const wakeAfter = (seconds: number, wake: () => void) => {
    clearTimeout(timer);
    timer = setTimeout(wake, seconds * 1000);
  };
  const endThread = async () => {
    const ending = thread;
    thread = undefined;
    ending?.removeAllListeners();
    await ending?.terminate();
  };
  const startThread = () => {
    const started = new Worker(new URL('./check-entry.js', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: limits.mebibytes, maxYoungGenerationSizeMb: 4 },
    });
    started.on('message', settle);
    started.on('error', (error) => abandon(`it failed (${error instanceof Error ? error.message : error})`));
    return started;
  };
  const abandon = (reason: string) => {
    void endThread();
    settle({ status: 'unfinished', reason });
  };
  const settle = (verdict: Verdict) => {
    waiting.shift()?.resolve(verdict);
    askNext();
  };
  const askNext = () => {
    const [next] = waiting;
    if (next === undefined) {
      thread?.unref();
      wakeAfter(idleSeconds, () => void endThread());
      timer?.unref();
      return;
    }
    thread ??= startThread();
    thread.ref();
    wakeAfter(limits.seconds, () => abandon(`it took more than ${limits.seconds} seconds`));
    thread.postMessage({ template: next.template, overrides: next.overrides });
  };

  return {
    judge: async (check) => {
      if (closed) throw new TemporarilyUnavailableError('The server is stopping.', 1);
      if (waiting.length > limits.waiting) {
        throw new TemporarilyUnavailableError(
          'Too many deployments are being checked at once.',
          limits.seconds,
        );
      }
      const asked = { ...check, ...Promise.withResolvers<Verdict>() };
      if (waiting.push(asked) === 1) askNext();
      return asked.promise;
    },
    close: async () => {
      closed = true;
      clearTimeout(timer);
      const error = new TemporarilyUnavailableError('The server is stopping.', 1);
      for (const { reject } of waiting.splice(0)) reject(error);
      await endThread();
    },
  };
}
