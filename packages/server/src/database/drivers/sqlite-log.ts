import { type FileHandle, open, realpath } from 'node:fs/promises';

/**
 * The log of an SQLite file, into which commits go. SQLite can make each commit durable by itself, but the event loop would
 * stand still for as long as the disk takes; so the writer's connection leaves that out, and this does the same in a thread.
 */
export class SqliteLog {
  readonly #path: string;
  #file: Promise<FileHandle> | undefined;

  /** @param path of the database file. */
  constructor(path: string) {
    this.#path = path;
  }

  /** Answers once everything that was committed before is on the disk. @throws where the disk fails. */
  async sync(): Promise<void> {
    this.#file ??= openLog(this.#path);
    await (await this.#file).datasync();
  }

  /** Lets go of the file. */
  async close(): Promise<void> {
    const file = await this.#file?.catch(() => undefined);
    await file?.close();
  }
}

/** SQLite follows links before it names the log. */
async function openLog(path: string): Promise<FileHandle> {
  return open(`${await realpath(path)}-wal`, 'r+');
}
