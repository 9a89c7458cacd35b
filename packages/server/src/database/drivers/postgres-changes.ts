import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { type Change, type ChangeFeed, createChangeHub } from '../changes.ts';
import {
  channel,
  forget,
  notify,
  type ReadRow,
  readChanges,
  readForeign,
  readSnapshot,
} from '../dialects/postgres/changes.ts';
import { TemporaryDatabaseError } from '../errors.ts';
import type { Statement } from '../statements.ts';
import type { PostgresConnections } from './postgres-connections.ts';

/** The minimum interval of notifications, in milliseconds: each takes a lock on the whole database. */
const notifyPause = 5;
/** The pause between two reads that follow each other, in milliseconds: under load one read serves many commits. */
const readPause = 5;
/** The interval of checks for changes without a notification, in milliseconds. */
const lookMilliseconds = 1000;
/** The interval of checks for other programs that may write, in milliseconds. */
const foreignMilliseconds = 5000;
/** The delay before the listening connection is opened again, in milliseconds. */
const reconnectMilliseconds = 500;
/**
 * The minimum time for which changes are kept, in milliseconds. A server that has not read for that long may have missed
 * some.
 */
const keptMilliseconds = 60_000;
/** The maximum number of changes in one read; if there are more, reading everything again is cheaper. */
const mostChanges = 10_000;
/** How many old changes one statement deletes. */
const forgottenAtOnce = 5000;

/** The dependencies of reading the changes of a database. */
export type PostgresChangesOptions = {
  connections: PostgresConnections;
  /** For the connection that listens. */
  client: pg.ClientConfig;
  /** Milliseconds since any fixed point. */
  monotonic: () => number;
};

/**
 * The changes of a Postgres database. Each transaction records its changes in a table; each server with listeners reads it
 * when one of its own transactions commits, when another server notifies it (NOTIFY), and once a second.
 *
 * A row of a run is numbered while its transaction holds the lock on the run, so numbers give the order of the run's
 * changes; and a reader that sees a change also sees those that were committed before its lock was taken.
 */
export class PostgresChanges {
  readonly #connections: PostgresConnections;
  readonly #client: pg.ClientConfig;
  readonly #monotonic: () => number;
  readonly #hub = createChangeHub(() => this.#start());
  readonly #timers: NodeJS.Timeout[] = [];
  #listening: pg.Client | undefined;
  /** Which transactions had ended at the last read; undefined if changes may have been missed since. */
  #lastLook: string | undefined;
  #readAt = 0;
  #reading: Promise<void> | undefined;
  #readAgain = false;
  #notifying: Promise<void> | undefined;
  #notifyAgain = false;
  #foreign = false;
  #earlier: { at: number; snapshot: string }[] = [];
  #closed = false;

  constructor({ connections, client, monotonic }: PostgresChangesOptions) {
    this.#connections = connections;
    this.#client = client;
    this.#monotonic = monotonic;
  }

  /** The feed of these changes. */
  readonly feed: ChangeFeed = {
    listen: (listener) => this.#hub.listen(listener),
    forgetOld: () => this.#forgetOld(),
  };

  /** To be called after each commit of a transaction that noted changes. */
  committed(): void {
    this.#read();
    if (this.#notifying === undefined) this.#notifying = this.#notify();
    else this.#notifyAgain = true;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#timers) clearInterval(timer);
    await this.#listening?.end().catch(() => {});
    await Promise.all([this.#reading, this.#notifying]);
  }

  #start(): void {
    if (this.#timers.length > 0 || this.#closed) return;
    const look = setInterval(() => this.#read(), lookMilliseconds);
    const foreign = setInterval(() => void this.#lookForForeign(), foreignMilliseconds);
    this.#timers.push(look.unref(), foreign.unref());
    void this.#listen();
    this.#read();
  }

  async #listen(): Promise<void> {
    if (this.#closed) return;
    const client = new pg.Client(this.#client);
    this.#listening = client;
    let lost = false;
    const again = () => {
      if (lost) return;
      lost = true;
      client.end().catch(() => {});
      if (this.#closed) return;
      // The database may have crashed, and lost the changes.
      this.#lastLook = undefined;
      setTimeout(() => void this.#listen(), reconnectMilliseconds).unref();
    };
    client.on('error', again);
    client.on('end', again);
    client.on('notification', () => this.#read());
    try {
      await client.connect();
      await client.query(`listen ${channel}`);
      this.#read();
    } catch {
      again();
    }
  }

  #read(): void {
    if (this.#hub.listeners === 0 || this.#closed) return;
    if (this.#reading !== undefined) {
      this.#readAgain = true;
      return;
    }
    this.#reading = this.#readOnce()
      // The next read includes what this one missed.
      .catch(() => {})
      .then(() => (this.#readAgain && !this.#closed ? pause(readPause) : undefined))
      .finally(() => {
        this.#reading = undefined;
        if (!this.#readAgain) return;
        this.#readAgain = false;
        this.#read();
      });
  }

  async #readOnce(): Promise<void> {
    const last = this.#lastLook;
    const started = this.#monotonic();
    const wasLate = started - this.#readAt > keptMilliseconds / 2;
    if (last === undefined || wasLate) return this.#beginAnew(started);
    const rows = await this.#ask<ReadRow>({ sql: readChanges, parameters: [last, mostChanges] });
    if (rows.length === mostChanges) return this.#beginAnew(started);
    // If the listening connection was lost in the meantime, the next read starts over.
    if (this.#lastLook === last) this.#lastLook = rows[0]?.snapshot;
    this.#readAt = started;
    const changes: Change[] = [];
    for (const { snapshot: _, ...change } of rows) if (change.kind !== null) changes.push(change);
    if (changes.length > 0) this.#hub.publish(changes);
  }

  async #beginAnew(started: number): Promise<void> {
    this.#lastLook = await this.#snapshot();
    this.#readAt = started;
    this.#hub.resync();
  }

  async #snapshot(): Promise<string> {
    const [row] = await this.#ask<{ snapshot: string }>({ sql: readSnapshot, parameters: [] });
    if (row === undefined) throw new TemporaryDatabaseError('unreachable');
    return row.snapshot;
  }

  async #notify(): Promise<void> {
    do {
      this.#notifyAgain = false;
      await this.#connections.lend((connection) => connection.send(notify)).catch(() => {});
      await pause(notifyPause);
    } while (this.#notifyAgain && !this.#closed);
    this.#notifying = undefined;
  }

  /** Other programs do not report what they write. While there are any, everything is read again at intervals. */
  async #lookForForeign(): Promise<void> {
    if (this.#hub.listeners === 0) return;
    try {
      const [row] = await this.#ask<{ sessions: number }>({ sql: readForeign, parameters: [] });
      const foreign = (row?.sessions ?? 0) > 0;
      if (foreign || this.#foreign) this.#hub.resync();
      this.#foreign = foreign;
    } catch {
      // The next check may succeed.
    }
  }

  async #forgetOld(): Promise<void> {
    const at = this.#monotonic();
    const isOld = (moment: { at: number }) => at - moment.at > keptMilliseconds;
    const old = this.#earlier.findLast(isOld);
    const recent = this.#earlier.filter((moment) => !isOld(moment));
    this.#earlier = [
      ...(old === undefined ? [] : [old]),
      ...recent,
      { at, snapshot: await this.#snapshot() },
    ];
    if (old === undefined) return;
    let deleted: number;
    do {
      const statement = { sql: forget, parameters: [old.snapshot, forgottenAtOnce] };
      const result = await this.#connections.lend((connection) => connection.send(statement));
      deleted = result.rowCount ?? 0;
    } while (deleted === forgottenAtOnce);
  }

  async #ask<Row>(statement: Statement): Promise<Row[]> {
    const { rows } = await this.#connections.lend((connection) => connection.send(statement));
    // The types of the rows are those of the statements above.
    return rows as Row[];
  }
}
