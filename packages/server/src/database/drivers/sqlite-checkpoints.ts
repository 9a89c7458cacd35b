import type { Statement } from '../statements.ts';
import { SqliteThread } from './sqlite-thread.ts';
import type { SqliteWriter } from './sqlite-writer.ts';

const mebibyte = 2 ** 20;
/** The size of new data in the WAL that triggers a checkpoint, and the size of the WAL at rest, in bytes. */
const logStep = 4 * mebibyte;
/** The size of the WAL at which the writer waits for a checkpoint, in bytes; twice as much if that did not succeed. */
const longLog = 16 * mebibyte;
/** How long the database must be idle before a log that is longer than a step is truncated, in milliseconds. */
const restMilliseconds = 1000;
/**
 * The timeout of a checkpoint before the thread is abandoned, in milliseconds: first concurrently with the writer, then while
 * it waits.
 */
const patience = { beside: 60_000, waiting: 5000 };

// Pages that readers or another process still need stay in the WAL.
const moveLog: Statement = { sql: 'PRAGMA wal_checkpoint(PASSIVE)', parameters: [] };
const cutLog: Statement = { sql: 'PRAGMA wal_checkpoint(TRUNCATE)', parameters: [] };

/** The dependencies of checkpoints. */
export type CheckpointOptions = {
  path: string;
  /** Waits while the end of a long log is moved. */
  writer: SqliteWriter;
  /** The present size of the log, in bytes. */
  logSize: () => number;
  /** Milliseconds since any fixed point. */
  monotonic: () => number;
};

/**
 * Moves committed pages from the WAL to the database file (a checkpoint) in a thread: on the event loop, the disk would block
 * every request for many milliseconds. Concurrent commits add to the WAL, so the thread would never reach its end, where the
 * WAL starts anew. Therefore the writer waits for the thread once the WAL is long, when little is left. If nothing is written
 * for a while, a long WAL is truncated. The writer's connection truncates the WAL to {@link logStep} whenever it starts anew,
 * so its size shows its content.
 */
export class SqliteCheckpoints {
  readonly #options: CheckpointOptions;
  #thread: SqliteThread | undefined;
  #moving: Promise<void> | undefined;
  #rest: NodeJS.Timeout | undefined;
  /** The size of the log when its pages were moved last. */
  #movedAt = 0;
  #longLog = longLog;
  #closed = false;

  constructor(options: CheckpointOptions) {
    this.#options = options;
  }

  /** Statements for the connection that writes. */
  static readonly setUp = `PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = ${logStep}`;

  /** Call it after commits. */
  committed(): void {
    if (this.#moving !== undefined || this.#closed) return;
    const size = this.#options.logSize();
    if (size < this.#movedAt) this.#movedAt = 0;
    if (size <= logStep) return;
    if (this.#rest === undefined) {
      this.#rest = setTimeout(() => this.#atRest(), restMilliseconds);
      this.#rest.unref();
    } else this.#rest.refresh();
    if (size - this.#movedAt < logStep) return;
    this.#run(() => this.#move(size));
  }

  /** Ends the thread after its current work. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#rest);
    await this.#moving;
    await this.#thread?.close();
  }

  #run(work: () => Promise<unknown>): void {
    // On a full disk, for example, committed pages stay in the WAL, and the next round retries.
    this.#moving = work()
      .catch(() => {})
      .then(() => {
        this.#moving = undefined;
      });
  }

  async #move(size: number): Promise<void> {
    this.#movedAt = size;
    await this.#ask(moveLog, patience.beside);
    if (this.#options.logSize() <= this.#longLog) return;
    // Repeats for pages that were committed in the meantime, so that less is left for the writer.
    await this.#ask(moveLog, patience.beside);
    const [told] = await this.#options.writer.alone(() => this.#ask(moveLog, patience.waiting));
    // A reader with an old snapshot prevents the WAL from starting anew.
    this.#longLog = told?.log === told?.checkpointed ? longLog : 2 * this.#longLog;
  }

  #atRest(): void {
    this.#rest = undefined;
    if (this.#moving !== undefined || this.#closed || this.#options.logSize() <= logStep) return;
    this.#run(() => this.#options.writer.alone(() => this.#ask(cutLog, patience.waiting)));
  }

  async #ask(statement: Statement, milliseconds: number): Promise<Record<string, unknown>[]> {
    const { path, monotonic } = this.#options;
    if (this.#thread === undefined || this.#thread.ended) {
      this.#thread = new SqliteThread(path, { readOnly: false, patience: patience.beside, monotonic });
    }
    const thread = this.#thread;
    const timeout = setTimeout(() => void thread.close(), milliseconds);
    try {
      return await thread.all(statement);
    } finally {
      clearTimeout(timeout);
    }
  }
}
