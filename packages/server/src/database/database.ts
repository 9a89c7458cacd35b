import type { CompiledQuery, Kysely } from 'kysely';
import type { Dialect } from './dialects/dialect.ts';
import type { Tables } from './tables.ts';

/** A value that both drivers bind as it is. */
export type Parameter = string | number | boolean | null;

/** Anything that Kysely compiles to one statement whose rows have the given type. */
export type Query<Row> = { compile(): CompiledQuery<Row> };

/** One statement of hand-written SQL, in the dialect's own parameter style. Only `dialects/` makes them. */
export type Statement = { readonly sql: string; readonly parameters: readonly unknown[] };

/**
 * A conversation with the database: statements run one after the other, rows come back decoded (see `tables.ts`).
 * Whoever holds one awaits nothing but it, since a transaction lasts until the work is done.
 */
export type Session = {
  /** Builds queries; it runs none. */
  readonly sql: Kysely<Tables>;
  /** What differs between SQLite and Postgres. */
  readonly dialect: Dialect;
  /** All rows of a query. @throws IntegrityError, UnstorableValueError */
  all<Row>(query: Query<Row>): Promise<Row[]>;
  /** The first row of a query, if there is one. */
  first<Row>(query: Query<Row>): Promise<Row | undefined>;
  /** Runs an insert, update or delete and gives the number of rows that it touched. */
  run(query: Query<unknown>): Promise<number>;
  /** Runs hand-written SQL; for `dialects/` alone. The caller names the type of the rows. */
  ask<Row>(statement: Statement): Promise<Row[]>;
  /**
   * Sends a write whose result nobody needs, without waiting for it; where it fails, the transaction fails.
   * On Postgres it travels together with the commit.
   */
  send(statement: Query<unknown> | Statement): void;
};

/** An opened database. */
export type Database = {
  /** What differs between SQLite and Postgres. */
  readonly dialect: Dialect;
  /** Reads what is committed; each statement sees the newest. */
  read<Result>(work: (session: Session) => Promise<Result>): Promise<Result>;
  /** The same for questions that may take long; on SQLite they are asked off the event loop. */
  readLong<Result>(work: (session: Session) => Promise<Result>): Promise<Result>;
  /**
   * Runs `work` in a transaction and answers once it is durable. Where it throws, nothing of it remains and the error is
   * handed on. It may run again from the start where the database asks for that (a deadlock), so it changes nothing else.
   */
  transaction<Result>(work: (session: Session) => Promise<Result>): Promise<Result>;
  /** Runs statements outside any transaction of ours: migrations. */
  administer<Result>(work: (connection: AdminConnection) => Promise<Result>): Promise<Result>;
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
