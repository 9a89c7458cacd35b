import type { OnCommit } from '../database.ts';
import { TemporaryDatabaseError } from '../errors.ts';
import type { Statement } from '../statements.ts';
import type { SqliteConnection } from './sqlite-connection.ts';
import { isBusy } from './sqlite-errors.ts';

/** How many transactions share one commit at most. */
const batchLimit = 100;
/**
 * Commit after this many changed rows, cascades included, even if more jobs are queued: large commits sync slowly and delay
 * everyone.
 */
const rowLimit = 400;
/** Longest time a batch may run before it yields to the event loop, in milliseconds. */
const turnMilliseconds = 10;
/** The delay before another process's lock is tried again, in milliseconds. */
const retryMilliseconds = 10;
/** The interval of checks for jobs that have waited too long, in milliseconds. */
const expiryMilliseconds = 250;

// Prepared like all others: parsing them again would cost as much as a small query.
const begin: Statement = { sql: 'BEGIN IMMEDIATE', parameters: [] };
const commit: Statement = { sql: 'COMMIT', parameters: [] };
const savepoint: Statement = { sql: 'SAVEPOINT one', parameters: [] };
const release: Statement = { sql: 'RELEASE one', parameters: [] };

/** A queued job: `run` does it and returns a function that answers it once it is durable. */
type Job = {
  run: () => Promise<() => void>;
  reject: (error: unknown) => void;
  alone: boolean;
  since: number;
};
/** A finished transaction that waits for the commit. */
type Finished = { answer: () => void; reject: (error: unknown) => void };

/** The dependencies of the writer in addition to its connection. */
export type WriterOptions = {
  /** Milliseconds since any fixed point. */
  monotonic: () => number;
  /** How long a job waits for its turn, and so for another process's lock, in milliseconds. */
  patience: number;
  /** Omitted for a database in memory. */
  file?: WrittenFile | undefined;
  /** Receives each commit. */
  onCommit?: OnCommit | undefined;
};

/** The file behind the connection. */
export type WrittenFile = {
  /** Resolves once everything committed is on the disk. */
  sync(): Promise<void>;
  /** Checks that the file is still in place. @throws TemporaryDatabaseError if it is not */
  checkPlace(): void;
};

/**
 * The only writer of an SQLite file. Transactions queue here. Those that are queued at the same time run one by one, each in
 * its own savepoint, and share one commit, so that one sync of the disk makes all of them durable (group commit). A
 * transaction is answered after that sync, never before, and none begins until the sync is done: those that arrive in the
 * meantime are in the next commit, and no transaction sees what a power cut could undo. A job that does not get its turn in
 * time is refused: another process may hold the lock, or the disk may be slow.
 */
export class SqliteWriter {
  readonly #connection: SqliteConnection;
  readonly #monotonic: () => number;
  readonly #patience: number;
  readonly #file: WrittenFile | undefined;
  readonly #onCommit: OnCommit | undefined;
  readonly #queue: Job[] = [];
  #draining: Promise<void> | undefined;
  #expiry: NodeJS.Timeout | undefined;
  #failure: Error | undefined;

  constructor(connection: SqliteConnection, { monotonic, patience, file, onCommit }: WriterOptions) {
    this.#connection = connection;
    this.#monotonic = monotonic;
    this.#patience = patience;
    this.#file = file;
    this.#onCommit = onCommit;
  }

  /** Runs `work` in its own transaction and returns once it is durable. */
  submit<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.#enqueue(work, false);
  }

  /** Runs `work` outside of any transaction, while none of ours is open. */
  alone<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.#enqueue(work, true);
  }

  #enqueue<Result>(work: () => Promise<Result>, alone: boolean): Promise<Result> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    const run = async () => {
      const result = await work();
      return () => resolve(result);
    };
    this.#queue.push({ run, reject, alone, since: this.#monotonic() });
    this.#watchQueue();
    this.#draining ??= this.#drainSoon();
    return promise;
  }

  /** Waits until everything that was submitted is answered. */
  async idle(): Promise<void> {
    while (this.#draining !== undefined) await this.#draining;
  }

  // After the poll phase, so that all requests that arrived together share the commit.
  #drainSoon(): Promise<void> {
    return new Promise((done) => {
      setImmediate(() => {
        void this.#drain().finally(() => {
          this.#draining = undefined;
          if (this.#queue.length > 0) this.#draining = this.#drainSoon();
          done();
        });
      });
    });
  }

  // One commit per turn of the event loop: clients that submit one transaction after the other leave room for requests.
  async #drain(): Promise<void> {
    if (this.#queue[0]?.alone === true) return this.#runAlone();
    if (!(await this.#begin())) return;
    const finished: Finished[] = [];
    try {
      await this.#runBatch(finished);
      const started = this.#monotonic();
      if (this.#connection.inTransaction) await this.#commit();
      await this.#keep();
      if (finished.length > 0) this.#onCommit?.((this.#monotonic() - started) / 1000, finished.length);
      for (const { answer } of finished) answer();
    } catch (error) {
      this.#rollBack();
      for (const { reject } of finished) reject(error);
    }
  }

  async #runAlone(): Promise<void> {
    const job = this.#queue.shift();
    try {
      const answer = await job?.run();
      await this.#keep();
      answer?.();
    } catch (error) {
      job?.reject(error);
    }
  }

  /** Begins a transaction as soon as no other process is in one; not if no job is waiting any more. */
  async #begin(): Promise<boolean> {
    try {
      this.#file?.checkPlace();
      while (this.#queue[0]?.alone === false) {
        if (this.#runUnlessBusy(begin)) return true;
        await new Promise((again) => setTimeout(again, retryMilliseconds));
        this.#expire();
      }
    } catch (error) {
      this.#refuseAll(error);
    }
    return false;
  }

  /** Adds the transactions that are done to `finished`. */
  async #runBatch(finished: Finished[]): Promise<void> {
    let turn = this.#monotonic();
    // Between two transactions, never within one: reads and requests continue, and new transactions join the batch.
    const yieldAfter = async (milliseconds: number) => {
      if (this.#monotonic() - turn <= milliseconds) return;
      await new Promise((next) => setImmediate(next));
      turn = this.#monotonic();
    };
    const enough = this.#connection.written + rowLimit;
    for (let count = 0; count < batchLimit; count += 1) {
      if (this.#queue[0]?.alone === true || this.#connection.written >= enough) break;
      const job = this.#queue.shift();
      if (job === undefined) break;
      try {
        await yieldAfter(turnMilliseconds);
        this.#connection.run(savepoint);
        const answer = await job.run();
        this.#connection.run(release);
        finished.push({ answer, reject: job.reject });
      } catch (error) {
        job.reject(error);
        // SQLite rolls back the whole transaction itself after some failures, such as a full disk.
        if (!this.#connection.inTransaction) throw error;
        this.#connection.exec('ROLLBACK TO one; RELEASE one');
      }
    }
    // A large commit blocks the loop; yield first.
    await yieldAfter(turnMilliseconds / 2);
  }

  /** Other connections may lock the file briefly even during our transaction. */
  async #commit(): Promise<void> {
    const deadline = this.#monotonic() + this.#patience;
    while (!this.#runUnlessBusy(commit)) {
      if (this.#monotonic() > deadline) throw new TemporaryDatabaseError('lock timeout');
      await new Promise((again) => setTimeout(again, retryMilliseconds));
    }
  }

  /**
   * Waits until everything committed is on the disk. If the disk fails, the operating system drops the data that it could not
   * write and would report the next sync as successful; so every further transaction is refused.
   */
  async #keep(): Promise<void> {
    if (this.#file === undefined) return;
    try {
      await this.#file.sync();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const message = `the disk failed to sync a commit (${reason}); the server writes nothing more until it is restarted`;
      this.#failure = new TemporaryDatabaseError('disk failed', new Error(message, { cause: error }));
      this.#refuseAll(this.#failure);
      throw this.#failure;
    }
    this.#file.checkPlace();
  }

  #runUnlessBusy(statement: Statement): boolean {
    try {
      this.#connection.run(statement);
      return true;
    } catch (error) {
      if (isBusy(error)) return false;
      throw error;
    }
  }

  #rollBack(): void {
    try {
      if (this.#connection.inTransaction) this.#connection.exec('ROLLBACK');
    } catch {
      // SQLite has rolled back already; if not, the next BEGIN fails with the reason.
    }
  }

  #refuseAll(error: unknown): void {
    for (const job of this.#queue.splice(0)) job.reject(error);
  }

  #expire(): void {
    const now = this.#monotonic();
    while (this.#queue[0] !== undefined && now - this.#queue[0].since > this.#patience) {
      this.#queue.shift()?.reject(new TemporaryDatabaseError('lock timeout'));
    }
  }

  /** Checks repeatedly while jobs are waiting. */
  #watchQueue(): void {
    this.#expiry ??= setTimeout(() => {
      this.#expiry = undefined;
      this.#expire();
      if (this.#queue.length > 0) this.#watchQueue();
    }, expiryMilliseconds).unref();
  }
}
