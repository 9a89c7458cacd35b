import { closeSync, existsSync, fstatSync, mkdirSync, openSync, realpathSync, statSync } from 'node:fs';
import { type FileHandle, open, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { TemporaryDatabaseError } from '../errors.ts';

/** The identity of the file at a path. */
type Identity = { dev: number; ino: number };

/** Free space on the disk without which the server counts as not ready, in bytes: about what a small commit takes. */
const leastSpace = 65_536;

/**
 * The file of an SQLite database and its WAL, in addition to the connections. SQLite can make each commit durable itself, but
 * that would block the event loop for as long as the disk takes; so the writer's connection skips that, and this class does
 * the same in a thread. It also detects if the files at their paths are no longer the open ones, in which case writes would
 * be lost.
 */
export class SqliteFile {
  readonly #path: string;
  readonly #opened: Identity;
  #log: FileHandle | undefined;

  /** @param path of the database file, which is open already. */
  constructor(path: string) {
    // SQLite resolves links before it names the WAL.
    this.#path = realpathSync(path);
    this.#opened = statSync(this.#path);
  }

  /** Resolves once everything committed before is on the disk. @throws if the disk fails. */
  async sync(): Promise<void> {
    this.#log ??= await open(this.#logPath, 'r+');
    await this.#log.datasync();
  }

  /** The size of the log, in bytes; 0 before the first sync. */
  get logSize(): number {
    return this.#log === undefined ? 0 : fstatSync(this.#log.fd).size;
  }

  /**
   * Checks that the files are still in place. It takes a few microseconds, which is far less than a commit.
   * @throws TemporaryDatabaseError if they were deleted or replaced
   */
  checkPlace(): void {
    checkOne(this.#path, this.#opened);
    if (this.#log !== undefined) checkOne(this.#logPath, fstatSync(this.#log.fd));
  }

  /**
   * Checks that the disk has room. A small write succeeds on a full disk as long as it fits into the present WAL.
   * @throws TemporaryDatabaseError if the disk is full
   */
  async checkSpace(): Promise<void> {
    const { bsize, blocks, bfree, bavail } = await statfs(dirname(this.#path));
    const free = process.geteuid?.() === 0 ? bfree : bavail;
    // Some virtual file systems have no size.
    if (blocks > 0 && free * bsize < leastSpace) throw new TemporaryDatabaseError('disk full');
  }

  /** Closes the files. */
  async close(): Promise<void> {
    await this.#log?.close();
  }

  get #logPath(): string {
    return `${this.#path}-wal`;
  }
}

function checkOne(path: string, opened: Identity): void {
  const found = identityOf(path);
  if (found?.dev === opened.dev && found.ino === opened.ino) return;
  throw new TemporaryDatabaseError(
    'file replaced',
    new Error(`${path} was deleted, moved or replaced while it was open; put it back, or restart the server`),
  );
}

/** The identity of the file at a path; undefined if it cannot be reached. */
function identityOf(path: string): Identity | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/**
 * Creates the file of a database and its folder, if they are missing, readable only by the server's own user, because the
 * file may contain the key to the secrets. SQLite gives its other files the same permissions.
 * @throws Error of the operating system if that is impossible
 */
export function makePrivateFile(path: string): void {
  makePrivateFolder(dirname(path));
  if (existsSync(path)) return;
  closeSync(openSync(path, 'a', 0o600));
}

/**
 * Creates one folder after the other: Node's own `recursive` never ends if the system reports that a folder is missing after
 * it was created.
 */
function makePrivateFolder(path: string): void {
  if (existsSync(path)) return;
  const parent = dirname(path);
  if (parent !== path) makePrivateFolder(parent);
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another server may have created it in the meantime.
    if (!existsSync(path)) throw error;
  }
}
