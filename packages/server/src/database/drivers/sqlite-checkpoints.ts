import type { Statement } from '../statements.ts';
import { SqliteThread } from './sqlite-thread.ts';
import type { SqliteWriter } from './sqlite-writer.ts';

const mebibyte = 2 ** 20;
/** How much the log grows before what is in it is moved, and how much of it stays on the disk at rest, in bytes. */
const logStep = 4 * mebibyte;
/** How long the log may be before the writer waits for the rest to be moved, in bytes; twice as long if that was in vain. */
const longLog = 16 * mebibyte;
/** For how long nothing is committed before a log that is longer than a step is cut, in milliseconds. */
const restMilliseconds = 1000;
/** How long moving may take before the thread is given up, in milliseconds: first beside the writer, then while it waits. */
const patience = { beside: 60_000, waiting: 5000 };

// What readers or another process still need of the log stays in it.
const moveLog: Statement = { sql: 'PRAGMA wal_checkpoint(PASSIVE)', parameters: [] };
const cutLog: Statement = { sql: 'PRAGMA wal_checkpoint(TRUNCATE)', parameters: [] };

/** What checkpoints work with. */
export type CheckpointOptions = {
  path: string;
  /** Waits while the end of a long log is moved. */
  writer: SqliteWriter;
  /** The present size of the log, in bytes. */
  logSize: () => number;
  /** Milliseconds since any fixed moment. */
  monotonic: () => number;
};

/**
 * Moves what was committed from the log into the database file, in a thread: on the event loop the disk would hold up every
 * request for many milliseconds. Commits that arrive meanwhile add to the log, so the thread would never come to its end, where
 * the log begins anew: once the log is long, the writer waits while the thread moves the little that is left. When nothing
 * is written for a while, a log that has become long is cut.
 *
 * The writer's connection cuts the log to {@link logStep} whenever it begins anew, so that its size tells what is in it.
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

  /** What to run on the connection that writes. */
  static readonly setUp = `PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = ${logStep}`;

  /** To be told after commits. */
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

  /** Ends the thread, after what it is at. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#rest);
    await this.#moving;
    await this.#thread?.close();
  }

  #run(work: () => Promise<unknown>): void {
    // As on a full disk: what was committed stays in the log, and the next round tries again.
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
    // What arrived while it was at it; so there is less left for the writer.
    await this.#ask(moveLog, patience.beside);
    const [told] = await this.#options.writer.alone(() => this.#ask(moveLog, patience.waiting));
    // A reader that stays in an old snapshot keeps the log from beginning anew.
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
