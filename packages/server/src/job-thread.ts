import { type Transferable, Worker } from 'node:worker_threads';

/** Limits of a job: its time in seconds, its memory in MiB, and how many jobs may wait. */
export type JobLimits = { readonly seconds: number; readonly mebibytes: number; readonly waiting: number };

/** Too many jobs wait already, or the thread was closed. */
export class JobRefusedError extends Error {
  readonly reason: 'busy' | 'closed';

  constructor(reason: JobRefusedError['reason']) {
    super(reason === 'busy' ? 'too many jobs are queued' : 'the thread was closed');
    this.name = 'JobRefusedError';
    this.reason = reason;
  }
}

/** A job exceeded a limit, or its thread failed; the message says which. */
export class JobFailedError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'JobFailedError';
  }
}

/** Does jobs off the event loop. */
export type JobThread<Job, Result> = {
  /**
   * Runs a job after the queued ones.
   * @param transfer what the job transfers instead of copying.
   * @throws JobRefusedError, JobFailedError
   */
  run(job: Job, transfer?: readonly Transferable[]): Promise<Result>;
  /** Ends the thread; jobs that wait fail with JobRefusedError. */
  close(): Promise<void>;
};

type Waiting<Job, Result> = PromiseWithResolvers<Result> & {
  readonly job: Job;
  readonly transfer: readonly Transferable[];
};

/** How long an idle thread is kept, in seconds; starting it takes a tenth of a second. */
const idleSeconds = 60;
/** The young generation in MiB. V8 would use ten times as much for the thread and never release it. */
const youngMebibytes = 4;

/**
 * Runs jobs one by one in a separate thread, each with a time and a memory limit: a job that exceeds one is ended together
 * with the thread. The thread starts with the first job.
 * @param entry answers each message (a job) with one message (its result).
 * @param data the start data of the thread.
 */
export function createJobThread<Job, Result>(
  entry: URL,
  limits: JobLimits,
  data?: unknown,
): JobThread<Job, Result> {
  const waiting: Waiting<Job, Result>[] = [];
  let thread: Worker | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  /** Calls back after the current job, or the thread's idle time, has taken this long. */
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
    const started = new Worker(entry, {
      workerData: data,
      resourceLimits: { maxOldGenerationSizeMb: limits.mebibytes, maxYoungGenerationSizeMb: youngMebibytes },
    });
    started.on('message', (result: Result) => {
      waiting.shift()?.resolve(result);
      runNext();
    });
    started.on('messageerror', abandonFor);
    started.on('error', abandonFor);
    return started;
  };
  const abandonFor = (error: unknown) =>
    abandon(`it failed (${error instanceof Error ? error.message : String(error)})`);
  const abandon = (reason: string) => {
    void endThread();
    waiting.shift()?.reject(new JobFailedError(reason));
    runNext();
  };
  const runNext = () => {
    const [next] = waiting;
    if (next === undefined) {
      thread?.unref();
      wakeAfter(idleSeconds, () => void endThread());
      timer?.unref();
      return;
    }
    try {
      thread ??= startThread();
    } catch (error) {
      return abandonFor(error);
    }
    thread.ref();
    wakeAfter(limits.seconds, () => abandon(`it took more than ${limits.seconds} seconds`));
    thread.postMessage(next.job, next.transfer);
  };

  return {
    run: async (job, transfer = []) => {
      if (closed) throw new JobRefusedError('closed');
      if (waiting.length > limits.waiting) throw new JobRefusedError('busy');
      const asked = { job, transfer, ...Promise.withResolvers<Result>() };
      if (waiting.push(asked) === 1) runNext();
      return asked.promise;
    },
    close: async () => {
      closed = true;
      clearTimeout(timer);
      for (const { reject } of waiting.splice(0)) reject(new JobRefusedError('closed'));
      await endThread();
    },
  };
}
