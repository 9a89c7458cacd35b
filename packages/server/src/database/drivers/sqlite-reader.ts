import { Worker } from 'node:worker_threads';
import { UnstorableValueError } from '../errors.ts';
import type { Statement } from '../session.ts';
import { decodeRows } from './sqlite-connection.ts';
import type { ReaderAnswer, ReaderData } from './sqlite-reader-worker.ts';

/** Space for what lives shortly: rows on their way. V8 would take ten times as much for each thread and never give it back. */
const youngMebibytes = 4;

type Waiting = { resolve: (rows: Record<string, unknown>[]) => void; reject: (error: unknown) => void };

/** A thread with a read connection of its own to an SQLite file, for questions that would hold up the event loop. */
export class SqliteReaderThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;

  /** @param readOnly false for the checkpoints, which move pages into the file. */
  constructor(path: string, { readOnly = true }: { readOnly?: boolean } = {}) {
    const data: ReaderData = { path, readOnly };
    this.#worker = new Worker(new URL('./sqlite-reader-entry.js', import.meta.url), {
      workerData: data,
      resourceLimits: { maxYoungGenerationSizeMb: youngMebibytes },
    });
    this.#worker.on('message', (answer: ReaderAnswer) => this.#settle(answer));
    this.#worker.on('error', (error) => this.#failAll(error));
    this.#worker.unref();
  }

  /** How many questions have no answer yet. */
  get load(): number {
    return this.#waiting.size;
  }

  /** All rows of a statement, decoded. */
  all(statement: Statement): Promise<Record<string, unknown>[]> {
    const { promise, resolve, reject } = Promise.withResolvers<Record<string, unknown>[]>();
    this.#asked += 1;
    this.#waiting.set(this.#asked, { resolve, reject });
    this.#worker.ref();
    this.#worker.postMessage({ id: this.#asked, sql: statement.sql, parameters: statement.parameters });
    return promise;
  }

  /** Ends the thread; what is still asked fails. */
  async close(): Promise<void> {
    await this.#worker.terminate();
    this.#failAll(new Error('the database was closed'));
  }

  #settle(answer: ReaderAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (this.#waiting.size === 0) this.#worker.unref();
    if (waiting === undefined) return;
    if ('rows' in answer) waiting.resolve(decodeRows(answer));
    else waiting.reject(answer.unstorable ? new UnstorableValueError(answer.error) : answer.error);
  }

  #failAll(error: unknown): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
