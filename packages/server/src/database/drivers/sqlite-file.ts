import { closeSync, existsSync, fstatSync, mkdirSync, openSync, realpathSync, statSync } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { TemporaryDatabaseError } from '../errors.ts';

/** Which file a path leads to. */
type Identity = { dev: number; ino: number };

/** How long a file is believed to be in its place, in milliseconds. */
const checkMilliseconds = 1000;

/**
 * The file of an SQLite database and its log, beside the connections. SQLite can make each commit durable by itself, but
 * the event loop would stand still for as long as the disk takes; so the writer's connection leaves that out, and this does
 * the same in a thread. It also notices if the files at their paths are no longer those that are open: what is written then
 * is lost.
 */
export class SqliteFile {
  readonly #path: string;
  readonly #monotonic: () => number;
  readonly #opened: Identity;
  #log: FileHandle | undefined;
  #checkedAt = -Infinity;

  /** @param path of the database file, which is open already. */
  constructor(path: string, monotonic: () => number) {
    // SQLite follows links before it names the log.
    this.#path = realpathSync(path);
    this.#monotonic = monotonic;
    this.#opened = statSync(this.#path);
  }

  /** Answers once everything that was committed before is on the disk. @throws if the disk fails. */
  async sync(): Promise<void> {
    this.#log ??= await open(this.#logPath, 'r+');
    await this.#log.datasync();
  }

  /** The size of the log, in bytes; 0 before the first sync. */
  get logSize(): number {
    return this.#log === undefined ? 0 : fstatSync(this.#log.fd).size;
  }

  /**
   * Looks whether the files are still in their places; undefined if the last look was just now.
   * @throws TemporaryDatabaseError if they were deleted or replaced
   */
  check(): Promise<void> | undefined {
    const now = this.#monotonic();
    return now - this.#checkedAt < checkMilliseconds ? undefined : this.#look(now);
  }

  /** Lets go of the files. */
  async close(): Promise<void> {
    await this.#log?.close();
  }

  get #logPath(): string {
    return `${this.#path}-wal`;
  }

  async #look(now: number): Promise<void> {
    await this.#checkOne(this.#path, this.#opened);
    if (this.#log !== undefined) await this.#checkOne(this.#logPath, fstatSync(this.#log.fd));
    this.#checkedAt = now;
  }

  async #checkOne(path: string, opened: Identity): Promise<void> {
    const found = await stat(path).catch(() => undefined);
    if (found?.dev === opened.dev && found.ino === opened.ino) return;
    throw new TemporaryDatabaseError(
      'file replaced',
      new Error(
        `${path} was deleted, moved or replaced while it was open; put it back, or restart the server`,
      ),
    );
  }
}

/**
 * Makes the file of a database, if it is missing, and its folder: for the server's own user alone, since the key to the
 * secrets may be in it. SQLite gives its other files the same permissions.
 * @throws Error of the system if that is impossible
 */
export function makePrivateFile(path: string): void {
  makePrivateFolder(dirname(path));
  if (existsSync(path)) return;
  closeSync(openSync(path, 'a', 0o600));
}

/** One folder after the other: Node's own `recursive` never ends where the system says that a folder it was just asked for is missing. */
function makePrivateFolder(path: string): void {
  if (existsSync(path)) return;
  const parent = dirname(path);
  if (parent !== path) makePrivateFolder(parent);
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another server may have made it meanwhile.
    if (!existsSync(path)) throw error;
  }
}
