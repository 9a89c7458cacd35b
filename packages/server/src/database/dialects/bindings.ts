import type { RawBuilder, SelectQueryBuilder, SqlBool } from 'kysely';

/** Conditions and locks of ordinary queries that the dialects write differently. Columns are named `table.column`. */
export type Bindings = {
  /** A duration in seconds as the dialect stores it. */
  interval(seconds: number): string;
  /**
   * Whether a column's value is one of the given values. Uses one parameter for all of them. An empty list matches nothing.
   */
  isAnyOf(column: string, values: readonly string[]): RawBuilder<SqlBool>;
  /** `isAnyOf` for a table's column of ids: one query plan serves any number of them. */
  hasId(column: string, ids: readonly string[]): RawBuilder<SqlBool>;
  /**
   * Whether a column's value is not one of the given values; false for NULL. Uses one parameter. An empty list matches
   * everything.
   */
  isNoneOf(column: string, values: readonly string[]): RawBuilder<SqlBool>;
  /** Whether the JSON array in a column has at least one of the given texts. An empty list matches nothing. */
  jsonHasAny(column: string, values: readonly string[]): RawBuilder<SqlBool>;
  /** Whether the JSON array in a column has all of the given texts. There must be at least one. */
  jsonHasAll(column: string, values: readonly string[]): RawBuilder<SqlBool>;
  /** Whether the JSON array in a column is empty. */
  jsonIsEmpty(column: string): RawBuilder<SqlBool>;
  /** Whether a column contains a text, ignoring case (of ASCII only on SQLite). `%` and `_` in it are wildcards, as in Prefect. */
  contains(column: string, text: string): RawBuilder<SqlBool>;
  /** Whether a column begins with one of the texts, ignoring case; wildcards as in `contains`. Uses one parameter. */
  startsWithAnyOf(column: string, texts: readonly string[]): RawBuilder<SqlBool>;
  /** Locks the rows of `table` that the query reads until the transaction ends. SQLite's one writer needs no lock. */
  lock<DB, Table extends keyof DB & string, Row>(
    query: SelectQueryBuilder<DB, Table, Row>,
    table: Table,
  ): SelectQueryBuilder<DB, Table, Row>;
  /** Prevents the rows of `table` that the query reads from being deleted until the transaction ends; others may change them. */
  keep<DB, Table extends keyof DB & string, Row>(
    query: SelectQueryBuilder<DB, Table, Row>,
    table: Table,
  ): SelectQueryBuilder<DB, Table, Row>;
  /** Like `lock`, but skips rows that another transaction has locked. */
  claim<DB, Table extends keyof DB & string, Row>(
    query: SelectQueryBuilder<DB, Table, Row>,
    table: Table,
  ): SelectQueryBuilder<DB, Table, Row>;
};
