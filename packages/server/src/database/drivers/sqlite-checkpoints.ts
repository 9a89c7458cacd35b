import type { Statement } from '../session.ts';
import type { SqliteConnection } from './sqlite-connection.ts';
import { SqliteReaderThread } from './sqlite-reader.ts';
import type { SqliteWriter } from './sqlite-writer.ts';

/** After so many rows (or pages of long texts) the log is worth moving; a row leaves a handful of pages. */
const writtenBetween = 2000;
/** So many pages the log may hold before the writer waits for the rest to be moved: 64 MiB of 4 KiB pages. */
const mostPages = 16_384;

// What readers or another process still need of the log stays in it.
const moveLog: Statement = { sql: 'PRAGMA wal_checkpoint(PASSIVE)', parameters: [] };

/**
 * Moves what was committed from the log into the database file, in a thread: on the event loop the disk would hold up every
 * request for many milliseconds. Commits go on meanwhile and add to the log, so the thread would never come to its end, where
 * the log begins anew: once the log is long, the writer waits while the thread moves the little that is left.
 */
export class SqliteCheckpoints {
  readonly #path: string;
  readonly #writing: SqliteConnection;
  readonly #writer: SqliteWriter;
  #thread: SqliteReaderThread | undefined;
  #moving: Promise<void> | undefined;
  #moved = 0;
  #isLong = false;

  /**
   * @param writing the connection that writes the file.
   * @param writer waits, by that connection, while the end of a long log is moved.
   */
  constructor(path: string, writing: SqliteConnection, writer: SqliteWriter) {
    this.#path = path;
    this.#writing = writing;
    this.#writer = writer;
    writing.exec('PRAGMA wal_autocheckpoint = 0');
  }

  /** To be told after commits. */
  committed(): void {
    if (this.#isLong && this.#thread !== undefined) this.#finishSoon(this.#thread);
    if (this.#moving !== undefined || this.#writing.written - this.#moved < writtenBetween) return;
    this.#moved = this.#writing.written;
    this.#moving = this.#move().finally(() => {
      this.#moving = undefined;
    });
  }

  /** Ends the thread, after what it is at. */
  async close(): Promise<void> {
    await this.#moving;
    await this.#thread?.close();
  }

  async #move(): Promise<void> {
    const thread = this.#thread ?? new SqliteReaderThread(this.#path, { readOnly: false });
    this.#thread = thread;
    try {
      const [told] = await thread.all(moveLog);
      if (typeof told?.log !== 'number' || told.log <= mostPages) return;
      // What came while it was at it; so there is less left for the writer.
      await thread.all(moveLog);
      this.#isLong = true;
    } catch {
      // As on a full disk: what was committed stays in the log, and the next round tries again.
      this.#thread = undefined;
      await thread.close();
    }
  }

  #finishSoon(thread: SqliteReaderThread): void {
    this.#isLong = false;
    // Where it fails it stays in the log, as above.
    this.#writer.alone(() => thread.all(moveLog)).catch(() => {});
  }
}
