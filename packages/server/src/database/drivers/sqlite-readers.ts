import { TemporaryDatabaseError } from '../errors.ts';
import type { Statement } from '../statements.ts';
import { SqliteThread, ThreadEndedError, type ThreadOptions } from './sqlite-thread.ts';

/** The maximum number of reader threads, and so of long queries that do not delay a short one. */
const mostThreads = 2;
/** The maximum number of hung threads, in addition to the working ones, before no others are started. */
const mostHanging = 4;
/** How often a query is retried on another thread after its own ended. */
const mostRetries = 1;
/** How long a thread may work on one question before it counts as failed, in milliseconds. */
const longestBusy = 5000;

/** Reads a page of the file, possibly from the thread's own cache. */
const probe: Statement = { sql: 'SELECT count(*) FROM sqlite_schema', parameters: [] };

/**
 * Threads that read an SQLite file. A thread is started when a query finds all others busy. A thread that ends, fails to
 * start or works on a query for too long is replaced; the queries that waited behind it are retried on another.
 */
export class SqliteReaders {
  readonly #path: string;
  readonly #options: ThreadOptions;
  #threads: readonly SqliteThread[] = [];
  #hanging = 0;
  #closed = false;

  constructor(path: string, options: Omit<ThreadOptions, 'readOnly'>) {
    this.#path = path;
    this.#options = { ...options, readOnly: true };
  }

  /** All rows of a statement, decoded, from the thread with the fewest questions. @throws TemporaryDatabaseError */
  async all(statement: Statement): Promise<Record<string, unknown>[]> {
    for (let retries = 0; ; retries += 1) {
      try {
        return await this.#leastBusy().all(statement);
      } catch (error) {
        if (!(error instanceof ThreadEndedError)) throw error;
        if (retries === mostRetries) throw new TemporaryDatabaseError('reader failed', error.cause);
      }
    }
  }

  /** Reads in each thread. @throws TemporaryDatabaseError if one of them fails */
  async check(): Promise<void> {
    this.#forgetEnded();
    if (this.#threads.length === 0) return void (await this.all(probe));
    await Promise.all(
      this.#threads.map(async (thread) => {
        if (thread.busyFor > longestBusy) throw new TemporaryDatabaseError('reader failed');
        if (thread.load === 0) await thread.all(probe).catch(() => this.all(probe));
      }),
    );
  }

  /** Ends the threads; pending queries fail. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }

  #leastBusy(): SqliteThread {
    if (this.#closed) throw new TemporaryDatabaseError('closing');
    this.#forgetEnded();
    const [best] = this.#threads.toSorted((a, b) => a.load - b.load);
    if (best !== undefined && (best.load === 0 || this.#threads.length === mostThreads)) return best;
    if (this.#hanging >= mostHanging) {
      if (best !== undefined) return best;
      throw new TemporaryDatabaseError('reader failed', new Error('too many reader threads are hung'));
    }
    return this.#start();
  }

  #start(): SqliteThread {
    try {
      const thread = new SqliteThread(this.#path, this.#options);
      this.#threads = [...this.#threads, thread];
      return thread;
    } catch (error) {
      throw new ThreadEndedError(error);
    }
  }

  #forgetEnded(): void {
    const ended = this.#threads.filter((thread) => thread.ended);
    if (ended.length === 0) return;
    this.#threads = this.#threads.filter((thread) => !thread.ended);
    for (const thread of ended) {
      this.#hanging += 1;
      void thread.exited.then(() => {
        this.#hanging -= 1;
      });
    }
  }
}
