import type { CompiledQuery, Kysely } from 'kysely';
import type { Tables } from './tables.ts';

/** Anything that Kysely compiles to one statement whose rows have the given type. */
export type Query<Row> = { compile(): CompiledQuery<Row> };

/** One hand-written SQL statement, in the dialect's own parameter style. Only `dialects/` creates them. */
export type Statement = { readonly sql: string; readonly parameters: readonly unknown[] };

/** The part of a session with which the queries of a dialect read: runs one statement after the other and decodes rows. */
export type Reader = {
  /** Builds queries; does not run them. */
  readonly sql: Kysely<Tables>;
  /** All rows of a query. @throws IntegrityError, UnstorableValueError, TemporaryDatabaseError */
  all<Row>(query: Query<Row>): Promise<Row[]>;
  /** The first row of a query, if any. */
  first<Row>(query: Query<Row>): Promise<Row | undefined>;
  /** Runs hand-written SQL; only for `dialects/`. The caller declares the type of the rows. */
  ask<Row>(statement: Statement): Promise<Row[]>;
};

/** The part of a session that the questions of a dialect read and write with. */
export type Writer = Reader & {
  /** Runs an insert, update or delete and returns the number of affected rows. */
  run(query: Query<unknown>): Promise<number>;
  /**
   * Sends a write whose result is not needed, without waiting for it; if it fails, the transaction fails. On Postgres it is
   * sent together with the commit.
   */
  send(statement: Query<unknown> | Statement): void;
};
