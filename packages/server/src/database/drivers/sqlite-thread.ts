import { Worker } from 'node:worker_threads';
import { ResultTooLargeError, TemporaryDatabaseError, UnstorableValueError } from '../errors.ts';
import type { Statement } from '../statements.ts';
import { decodeRows } from './sqlite-connection.ts';
import type { ThreadAnswer, ThreadData, ThreadFailure, ThreadQuestion } from './sqlite-thread-worker.ts';

/** The young generation, for rows in transit. V8 would use ten times as much per thread and never release it. */
const youngMebibytes = 4;
/** The interval of checks for slow queries, in milliseconds. */
const watchMilliseconds = 250;

/** How long to wait for a thread to end, in milliseconds. */
const closeMilliseconds = 1000;

type Row = Record<string, unknown>;
type Waiting = { resolve: (rows: Row[]) => void; reject: (error: unknown) => void };

/** How a thread works. */
export type ThreadOptions = {
  /** False for checkpoints, which move pages into the file. */
  readOnly: boolean;
  /** The timeout of one query, in milliseconds; 0 for none. */
  patience: number;
  /** Milliseconds since any fixed point. */
  monotonic: () => number;
  /** The maximum memory for the rows of an answer, in MiB; V8's own limit by default. */
  heapMebibytes?: number;
};

/** The thread exited before it answered, probably not because of the query. It can be retried on another thread. */
export class ThreadEndedError extends Error {
  constructor(cause: unknown) {
    super('the thread exited before it answered', { cause });
    this.name = 'ThreadEndedError';
  }
}

/**
 * A thread with its own connection to an SQLite file, for queries that would block the event loop. They are answered one by
 * one. It ends for good when it fails, or when a query takes too long.
 */
export class SqliteThread {
  readonly #worker: Worker;
  readonly #options: ThreadOptions;
  readonly #waiting = new Map<number, Waiting>();
  readonly #watching: NodeJS.Timeout | undefined;
  readonly #exited: Promise<void>;
  #asked = 0;
  #ended = false;
  /** When the current query began. */
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

  /** The number of unanswered queries. */
  get load(): number {
    return this.#waiting.size;
  }

  /** Whether it has ended. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Resolves once the thread has really exited: a hung thread may never exit although it was asked to. */
  get exited(): Promise<void> {
    return this.#exited;
  }

  /** How long the current query has been running, in milliseconds; 0 if idle. */
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

  /** Ends the thread; pending queries fail. Does not wait long for a hung one. */
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

  /** The current query may have exceeded the memory; all others can be retried. */
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
    // It exits as soon as SQLite returns to JavaScript.
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
