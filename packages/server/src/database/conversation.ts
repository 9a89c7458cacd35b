import type { CompiledQuery, Kysely } from 'kysely';
import type { Tables } from './tables.ts';

/** Anything that Kysely compiles to one statement whose rows have the given type. */
export type Query<Row> = { compile(): CompiledQuery<Row> };

/** One statement of hand-written SQL, in the dialect's own parameter style. Only `dialects/` makes them. */
export type Statement = { readonly sql: string; readonly parameters: readonly unknown[] };

/**
 * A conversation with the database: statements run one after the other, rows come back decoded (see `tables.ts`).
 * Whoever holds one awaits nothing but it, since a transaction lasts until the work is done.
 */
export type Conversation = {
  /** Builds queries; it runs none. */
  readonly sql: Kysely<Tables>;
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
