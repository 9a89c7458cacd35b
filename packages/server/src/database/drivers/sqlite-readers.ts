import type { Statement } from '../session.ts';
import { SqliteReaderThread } from './sqlite-reader.ts';

/** How many threads read at most: so many long questions do not hold up a short one. */
const mostThreads = 2;

/** Threads that read an SQLite file, each started when a question finds all others busy. */
export class SqliteReaders {
  readonly #path: string;
  readonly #threads: SqliteReaderThread[] = [];

  constructor(path: string) {
    this.#path = path;
  }

  /** All rows of a statement, decoded, from the thread with the fewest questions. */
  all(statement: Statement): Promise<Record<string, unknown>[]> {
    return this.#leastBusy().all(statement);
  }

  /** Ends the threads; what is still asked fails. */
  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }

  #leastBusy(): SqliteReaderThread {
    const [best] = this.#threads.toSorted((a, b) => a.load - b.load);
    if (best !== undefined && (best.load === 0 || this.#threads.length === mostThreads)) return best;
    const thread = new SqliteReaderThread(this.#path);
    this.#threads.push(thread);
    return thread;
  }
}
