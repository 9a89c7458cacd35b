import type { OnCommit } from '../database.ts';
import { DatabaseUnavailableError } from '../errors.ts';
import type { Statement } from '../session.ts';
import type { SqliteConnection } from './sqlite-connection.ts';
import { isBusy } from './sqlite-errors.ts';

/** How many transactions share one commit at most. */
const batchLimit = 100;
/** After so many written rows a batch is committed, whoever waits: the more a commit has to sync, the longer it holds all up. */
const rowLimit = 400;
/** How long the transactions of a batch hold the event loop before they let it breathe, in milliseconds. */
const turnMilliseconds = 10;
/** How long to leave another process' lock alone before trying again, in milliseconds. */
const retryMilliseconds = 10;
/** How long to wait for another process' lock before giving up, in milliseconds. */
const patienceMilliseconds = 60_000;

// Prepared like all others: parsing them anew would cost as much as a small query.
const begin: Statement = { sql: 'BEGIN IMMEDIATE', parameters: [] };
const commit: Statement = { sql: 'COMMIT', parameters: [] };
const savepoint: Statement = { sql: 'SAVEPOINT one', parameters: [] };
const release: Statement = { sql: 'RELEASE one', parameters: [] };

/** Work that waits: `run` does it and gives what answers it once it is durable. */
type Job = { run: () => Promise<() => void>; reject: (error: unknown) => void; alone: boolean };
/** A transaction whose work is done and that waits for the commit. */
type Finished = { answer: () => void; reject: (error: unknown) => void };

/** What the writer needs besides its connection. */
export type WriterOptions = {
  /** Milliseconds since any fixed moment. */
  monotonic: () => number;
  /** Answers once what was committed is on the disk. Left out for a database in memory. */
  sync?: (() => Promise<void>) | undefined;
  /** Told of each commit. */
  onCommit?: OnCommit | undefined;
};

/**
 * The one writer of an SQLite file. Transactions queue here; those that wait together run one after the other, each in
 * its own savepoint, and share one commit, so that one sync of the disk makes all of them durable (group commit).
 * A transaction is answered after that sync, never before, and none begins until it is over: whoever waits meanwhile is in
 * the next commit, and no transaction sees what a power cut could take back.
 */
export class SqliteWriter {
  readonly #connection: SqliteConnection;
  readonly #monotonic: () => number;
  readonly #sync: (() => Promise<void>) | undefined;
  readonly #onCommit: OnCommit | undefined;
  readonly #queue: Job[] = [];
  #draining: Promise<void> | undefined;
  #failure: Error | undefined;

  constructor(connection: SqliteConnection, { monotonic, sync, onCommit }: WriterOptions) {
    this.#connection = connection;
    this.#monotonic = monotonic;
    this.#sync = sync;
    this.#onCommit = onCommit;
  }

  /** Runs `work` in a transaction of its own and answers once it is durable. */
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
    this.#queue.push({ run, reject, alone });
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

  // One commit a turn of the event loop: whoever submits one transaction after the other leaves room for requests.
  async #drain(): Promise<void> {
    if (this.#queue[0]?.alone === true) return this.#runAlone();
    try {
      await this.#patiently(begin);
    } catch (error) {
      for (const job of this.#queue.splice(0)) job.reject(error);
      return;
    }
    await this.#commitBatch(await this.#runBatch());
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

  async #runBatch(): Promise<Finished[]> {
    const finished: Finished[] = [];
    let turn = this.#monotonic();
    // Between two transactions, never within one: reads and requests go on, and new transactions join the batch.
    const breathe = async (after: number) => {
      if (this.#monotonic() - turn <= after) return;
      await new Promise((next) => setImmediate(next));
      turn = this.#monotonic();
    };
    const enough = this.#connection.written + rowLimit;
    for (let count = 0; count < batchLimit; count += 1) {
      if (this.#queue[0]?.alone === true || this.#connection.written >= enough) break;
      const job = this.#queue.shift();
      if (job === undefined) break;
      await breathe(turnMilliseconds);
      this.#connection.run(savepoint);
      try {
        const answer = await job.run();
        this.#connection.run(release);
        finished.push({ answer, reject: job.reject });
      } catch (error) {
        if (!this.#connection.inTransaction) {
          job.reject(error);
          for (const lost of finished) lost.reject(error);
          return [];
        }
        this.#connection.exec('ROLLBACK TO one; RELEASE one');
        job.reject(error);
      }
    }
    // What has much to commit takes long over it.
    await breathe(turnMilliseconds / 2);
    return finished;
  }

  async #commitBatch(finished: Finished[]): Promise<void> {
    try {
      const started = this.#monotonic();
      if (this.#connection.inTransaction) await this.#patiently(commit);
      await this.#keep();
      if (finished.length > 0) this.#onCommit?.((this.#monotonic() - started) / 1000, finished.length);
      for (const { answer } of finished) answer();
    } catch (error) {
      if (this.#connection.inTransaction) this.#connection.exec('ROLLBACK');
      for (const { reject } of finished) reject(error);
    }
  }

  /**
   * Waits until what was committed is on the disk. Where the disk fails, the system forgets what it could not write and would
   * call the next sync a success: from then on every transaction is refused.
   */
  async #keep(): Promise<void> {
    try {
      await this.#sync?.();
    } catch (error) {
      this.#failure = new DatabaseUnavailableError(
        'the disk did not keep a commit; nothing more is written',
        error,
      );
      for (const job of this.#queue.splice(0)) job.reject(this.#failure);
      throw this.#failure;
    }
  }

  async #patiently(statement: Statement): Promise<void> {
    const deadline = this.#monotonic() + patienceMilliseconds;
    while (true) {
      try {
        this.#connection.run(statement);
        return;
      } catch (error) {
        if (!isBusy(error) || this.#monotonic() > deadline) throw error;
        await new Promise((again) => setTimeout(again, retryMilliseconds));
      }
    }
  }
}
