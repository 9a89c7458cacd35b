import type { ChangeFeed } from './changes.ts';
import type { Dialect } from './dialects/dialect.ts';
import type { ReadSession, WriteSession } from './session.ts';

export type { ReadSession, WriteSession } from './session.ts';

/** Receives each commit: its duration in seconds, and the number of transactions that it made durable. */
export type OnCommit = (seconds: number, transactions: number) => void;

/** An opened database. */
export type Database = {
  /** What differs between SQLite and Postgres. */
  readonly dialect: Dialect;
  /** Reads committed data; each statement sees the newest. */
  read<Result>(work: (session: ReadSession) => Promise<Result>): Promise<Result>;
  /** The same for queries that may take long; on SQLite they run off the event loop. */
  readLong<Result>(work: (session: ReadSession) => Promise<Result>): Promise<Result>;
  /**
   * Runs `work` in a transaction and returns once it is durable. If `work` throws, the transaction is rolled back and the
   * error is passed on. `work` may be retried after a deadlock, so it must have no side effects outside the session.
   */
  transaction<Result>(work: (session: WriteSession) => Promise<Result>): Promise<Result>;
  /**
   * Runs `work`. If it is not known in time whether one of its transactions committed, calls `onDoubt` and keeps checking for
   * minutes; without this function such a transaction fails. The caller answers without waiting for the result.
   */
  tellDoubt<Result>(work: () => Promise<Result>, onDoubt: () => void): Promise<Result>;
  /** Tells what is committed. */
  readonly changes: ChangeFeed;
  /** Runs statements outside any transaction of ours: migrations. */
  administer<Result>(work: (connection: AdminConnection) => Promise<Result>): Promise<Result>;
  /**
   * Reads through every connection that requests use, and checks that the database is still the one that was opened. Does not
   * wait in the queue of transactions.
   * @throws Error with the reason if requests would fail
   */
  check(): Promise<void>;
  /** Finishes accepted work, then closes every connection. */
  close(): Promise<void>;
};

/** A bare connection for migrations and the admin routes. */
export type AdminConnection = {
  /** Runs any number of statements. */
  exec(sql: string): Promise<void>;
  /** Runs one statement; rows are not decoded. */
  query(sql: string, parameters: readonly unknown[]): Promise<Record<string, unknown>[]>;
};
