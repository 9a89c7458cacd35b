import type { CompiledQuery, Kysely } from 'kysely';
import type { Dialect } from './dialects/dialect.ts';
import type { Tables } from './tables.ts';

/** Anything that Kysely compiles to one statement whose rows have the given type. */
export type Query<Row> = { compile(): CompiledQuery<Row> };

/** One statement of hand-written SQL, in the dialect's own parameter style. Only `dialects/` makes them. */
export type Statement = { readonly sql: string; readonly parameters: readonly unknown[] };

/**
 * Reads from the database, one statement after the other; rows come back decoded (see `tables.ts`).
 * Await nothing else while you hold a session: a transaction stays open until its work is done.
 */
export type ReadSession = {
  /** Builds queries; it runs none. */
  readonly sql: Kysely<Tables>;
  /** What differs between SQLite and Postgres. */
  readonly dialect: Dialect;
  /** All rows of a query. @throws IntegrityError, UnstorableValueError, TemporaryDatabaseError */
  all<Row>(query: Query<Row>): Promise<Row[]>;
  /** The first row of a query, if there is one. */
  first<Row>(query: Query<Row>): Promise<Row | undefined>;
  /** Runs hand-written SQL; for `dialects/` alone. The caller names the type of the rows. */
  ask<Row>(statement: Statement): Promise<Row[]>;
};

/** Reads and writes within one transaction. */
export type WriteSession = ReadSession & {
  /** Runs an insert, update or delete and gives the number of rows that it touched. */
  run(query: Query<unknown>): Promise<number>;
  /**
   * Sends a write whose result nobody needs, without waiting for it; if it fails, the transaction fails.
   * On Postgres it travels together with the commit.
   */
  send(statement: Query<unknown> | Statement): void;
  /** Calls `callback` once the writes of this transaction are durable; never if the transaction fails. */
  afterCommit(callback: () => void): void;
  /** Tells how to find out whether this transaction committed, if its connection breaks during the commit. */
  proveCommit(proof: CommitProof): void;
};

/** How to find out later whether a transaction committed; for databases whose connection may break during a commit. */
export type CommitProof = {
  /** Whether the transaction committed: looks for a row that exists only then. */
  committed(session: ReadSession): Promise<boolean>;
  /**
   * Called in a transaction of its own, before any other begins, if the commit is found only after the caller was told that
   * the database is away: remembers that the answer was lost.
   */
  answerLost?(session: WriteSession): void;
};
