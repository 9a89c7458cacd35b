import type { CompiledQuery, Kysely } from 'kysely';
import type { Tables } from './tables.ts';

/** Anything that Kysely compiles to one statement whose rows have the given type. */
export type Query<Row> = { compile(): CompiledQuery<Row> };

/** One statement of hand-written SQL, in the dialect's own parameter style. Only `dialects/` makes them. */
export type Statement = { readonly sql: string; readonly parameters: readonly unknown[] };

/** The part of a session that the questions of a dialect read with: runs one statement after the other, rows come back decoded. */
export type Reader = {
  /** Builds queries; it runs none. */
  readonly sql: Kysely<Tables>;
  /** All rows of a query. @throws IntegrityError, UnstorableValueError, TemporaryDatabaseError */
  all<Row>(query: Query<Row>): Promise<Row[]>;
  /** The first row of a query, if there is one. */
  first<Row>(query: Query<Row>): Promise<Row | undefined>;
  /** Runs hand-written SQL; for `dialects/` alone. The caller names the type of the rows. */
  ask<Row>(statement: Statement): Promise<Row[]>;
};

/** The part of a session that the questions of a dialect read and write with. */
export type Writer = Reader & {
  /** Runs an insert, update or delete and gives the number of rows that it touched. */
  run(query: Query<unknown>): Promise<number>;
  /**
   * Sends a write whose result nobody needs, without waiting for it; if it fails, the transaction fails.
   * On Postgres it travels together with the commit.
   */
  send(statement: Query<unknown> | Statement): void;
};
