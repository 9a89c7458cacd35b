import { Worker } from 'node:worker_threads';
import { ResultTooLargeError, TemporaryDatabaseError, UnstorableValueError } from '../errors.ts';
import type { Statement } from '../statements.ts';
import { decodeRows } from './sqlite-connection.ts';
import type { ThreadAnswer, ThreadData, ThreadFailure, ThreadQuestion } from './sqlite-thread-worker.ts';

/** Space for what lives shortly: rows on their way. V8 would take ten times as much for each thread and never give it back. */
const youngMebibytes = 4;
/** How often to look whether a question takes too long, in milliseconds. */
const watchMilliseconds = 250;

/** How long to wait for a thread to end, in milliseconds. */
const closeMilliseconds = 1000;

type Row = Record<string, unknown>;
type Waiting = { resolve: (rows: Row[]) => void; reject: (error: unknown) => void };

/** How a thread works. */
export type ThreadOptions = {
  /** False for checkpoints, which move pages into the file. */
  readOnly: boolean;
  /** How long one question may take, in milliseconds; 0: as long as it likes. */
  patience: number;
  /** Milliseconds since any fixed moment. */
  monotonic: () => number;
  /** How much memory the rows of an answer may take, in MiB; V8's own limit if left out. */
  heapMebibytes?: number;
};

/** The thread ended before it answered, through no fault of the question as far as anybody knows. Another may be asked. */
export class ThreadEndedError extends Error {
  constructor(cause: unknown) {
    super('the thread exited before it answered', { cause });
    this.name = 'ThreadEndedError';
  }
}

/**
 * A thread with a connection of its own to an SQLite file, for questions that would hold up the event loop. They are answered
 * one after the other. It ends for good when it fails, or when a question takes too long.
 */
export class SqliteThread {
  readonly #worker: Worker;
  readonly #options: ThreadOptions;
  readonly #waiting = new Map<number, Waiting>();
  readonly #watching: NodeJS.Timeout | undefined;
  readonly #exited: Promise<void>;
  #asked = 0;
  #ended = false;
  /** When the thread began with the question that it is at. */
  #begunAt = 0;

  /** @throws Error if the system has no room for another thread. */
  constructor(path: string, options: ThreadOptions) {
    this.#options = options;
    const data: ThreadData = { path, readOnly: options.readOnly };
    const exit = Promise.withResolvers<void>();
    this.#exited = exit.promise;
    this.#worker = new Worker(new URL('./sqlite-thread-entry.js', import.meta.url), {
      workerData: data,
      resourceLimits: {
        maxYoungGenerationSizeMb: youngMebibytes,
        ...(options.heapMebibytes === undefined ? {} : { maxOldGenerationSizeMb: options.heapMebibytes }),
      },
    });
    this.#worker.on('message', (answer: ThreadAnswer) => this.#settle(answer));
    this.#worker.on('messageerror', (error) => this.#fail(error));
    this.#worker.on('error', (error) => this.#fail(error));
    this.#worker.on('exit', () => {
      exit.resolve();
      this.#fail(new Error('the thread has exited'));
    });
    this.#worker.unref();
    if (options.patience > 0) {
      this.#watching = setInterval(() => this.#watch(), watchMilliseconds);
      this.#watching.unref();
    }
  }

  /** How many questions have no answer yet. */
  get load(): number {
    return this.#waiting.size;
  }

  /** Whether it answers no more. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Answers once the thread is really gone: one that hangs may be asked to end and never does. */
  get exited(): Promise<void> {
    return this.#exited;
  }

  /** For how long the question that it is at has taken, in milliseconds; 0 if it is at none. */
  get busyFor(): number {
    return this.#waiting.size === 0 ? 0 : this.#options.monotonic() - this.#begunAt;
  }

  /** All rows of a statement, decoded. @throws ThreadEndedError, TemporaryDatabaseError, UnstorableValueError */
  all({ sql, parameters }: Statement): Promise<Row[]> {
    if (this.#ended) return Promise.reject(new ThreadEndedError(undefined));
    const { promise, resolve, reject } = Promise.withResolvers<Row[]>();
    this.#asked += 1;
    if (this.#waiting.size === 0) this.#begunAt = this.#options.monotonic();
    this.#waiting.set(this.#asked, { resolve, reject });
    this.#worker.ref();
    const question: ThreadQuestion = { id: this.#asked, sql, parameters };
    this.#worker.postMessage(question);
    return promise;
  }

  /** Ends the thread; what is still asked fails. Does not wait for long for one that hangs. */
  async close(): Promise<void> {
    this.#end(() => new TemporaryDatabaseError('closing'));
    let timeout: NodeJS.Timeout | undefined;
    const tooLate = new Promise<void>((resolve) => {
      timeout = setTimeout(resolve, closeMilliseconds);
    });
    await Promise.race([this.#worker.terminate(), tooLate]);
    clearTimeout(timeout);
  }

  #settle(answer: ThreadAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    this.#begunAt = this.#options.monotonic();
    if (this.#waiting.size === 0) this.#worker.unref();
    if (waiting === undefined) return;
    try {
      if (!('rows' in answer)) throw errorOf(answer);
      waiting.resolve(decodeRows(answer));
    } catch (error) {
      // A row that cannot be decoded fails its own question, too.
      waiting.reject(error);
    }
  }

  /** The question that it was at may be what the memory did not suffice for; all others may be asked again. */
  #fail(error: unknown): void {
    const [culprit] = this.#waiting.keys();
    const isOutOfMemory =
      error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
    this.#end((id) =>
      isOutOfMemory && id === culprit
        ? new TemporaryDatabaseError('out of memory', error)
        : new ThreadEndedError(error),
    );
  }

  #watch(): void {
    if (this.busyFor <= this.#options.patience) return;
    const [culprit] = this.#waiting.keys();
    this.#end((id) =>
      id === culprit ? new TemporaryDatabaseError('statement timeout') : new ThreadEndedError(undefined),
    );
    // It ends as soon as SQLite gives it back to JavaScript.
    void this.#worker.terminate();
  }

  #end(errorFor: (id: number) => Error): void {
    this.#ended = true;
    clearInterval(this.#watching);
    this.#worker.unref();
    for (const [id, { reject }] of this.#waiting) reject(errorFor(id));
    this.#waiting.clear();
  }
}

function errorOf({ error, kind, fault }: ThreadFailure): unknown {
  if (kind === 'unstorable') return new UnstorableValueError(error);
  if (kind === 'too large') return new ResultTooLargeError();
  return fault === undefined ? error : new TemporaryDatabaseError(fault, error);
}
