import type { Dialect } from './dialects/dialect.ts';
import type { ReadSession, WriteSession } from './session.ts';

export type { ReadSession, WriteSession } from './session.ts';

/** What watches commits: how long each took, in seconds, and how many transactions it made durable. */
export type OnCommit = (seconds: number, transactions: number) => void;

/** An opened database. */
export type Database = {
  /** What differs between SQLite and Postgres. */
  readonly dialect: Dialect;
  /** Reads what is committed; each statement sees the newest. */
  read<Result>(work: (session: ReadSession) => Promise<Result>): Promise<Result>;
  /** The same for questions that may take long; on SQLite they are asked off the event loop. */
  readLong<Result>(work: (session: ReadSession) => Promise<Result>): Promise<Result>;
  /**
   * Runs `work` in a transaction and answers once it is durable. Where it throws, nothing of it remains and the error is
   * handed on. It may run again from the start where the database asks for that (a deadlock), so it changes nothing else.
   */
  transaction<Result>(work: (session: WriteSession) => Promise<Result>): Promise<Result>;
  /**
   * Runs `work`. If it cannot be known in time whether one of its transactions committed, calls `onDoubt` and goes on to
   * find out, for minutes; elsewhere such a transaction fails then. The caller answers without waiting for the result.
   */
  tellDoubt<Result>(work: () => Promise<Result>, onDoubt: () => void): Promise<Result>;
  /** Runs statements outside any transaction of ours: migrations. */
  administer<Result>(work: (connection: AdminConnection) => Promise<Result>): Promise<Result>;
  /**
   * Reads through every connection that requests read from, and looks whether the database is still the one that was opened.
   * Does not wait in the queue of transactions.
   * @throws Error with the reason if requests would fail
   */
  check(): Promise<void>;
  /** Finishes what was accepted, then closes every connection. */
  close(): Promise<void>;
};

/** A bare connection for migrations and the admin routes. */
export type AdminConnection = {
  /** Runs any number of statements. */
  exec(sql: string): Promise<void>;
  /** Runs one statement; rows are as the driver gives them. */
  query(sql: string, parameters: readonly unknown[]): Promise<Record<string, unknown>[]>;
};
