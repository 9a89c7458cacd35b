import type { RawBuilder, SelectQueryBuilder, SqlBool } from 'kysely';

/** Pieces that ordinary queries use and that the dialects spell differently. Columns are named as `table.column`. */
export type Bindings = {
  /** A duration in seconds as the dialect stores it. */
  interval(seconds: number): string;
  /** Whether a column's value is one of the given; one parameter, whatever their number. An empty list matches nothing. */
  isAnyOf(column: string, values: readonly string[]): RawBuilder<SqlBool>;
  /** The same for the ids of a table in its column of ids: planned once, however many they are. */
  hasId(column: string, ids: readonly string[]): RawBuilder<SqlBool>;
  /** Whether a column's value is none of the given; NULL is not. One parameter; an empty list matches everything. */
  isNoneOf(column: string, values: readonly string[]): RawBuilder<SqlBool>;
  /** Whether the JSON array in a column has at least one of the given texts. An empty list matches nothing. */
  jsonHasAny(column: string, values: readonly string[]): RawBuilder<SqlBool>;
  /** Whether the JSON array in a column has all of the given texts, of which there is at least one. */
  jsonHasAll(column: string, values: readonly string[]): RawBuilder<SqlBool>;
  /** Whether the JSON array in a column is empty. */
  jsonIsEmpty(column: string): RawBuilder<SqlBool>;
  /** Whether a column contains a text without regard to case (ASCII on SQLite). `%` and `_` in it are wildcards, as in the reference. */
  contains(column: string, text: string): RawBuilder<SqlBool>;
  /** Whether a column begins with one of the texts without regard to case; wildcards as in `contains`. One parameter. */
  startsWithAnyOf(column: string, texts: readonly string[]): RawBuilder<SqlBool>;
  /** Keeps the rows of `table` that the query reads from others until the transaction ends. SQLite's one writer needs no lock. */
  lock<DB, Table extends keyof DB & string, Row>(
    query: SelectQueryBuilder<DB, Table, Row>,
    table: Table,
  ): SelectQueryBuilder<DB, Table, Row>;
  /** Keeps the rows of `table` that the query reads from being deleted until the transaction ends; others may change them. */
  keep<DB, Table extends keyof DB & string, Row>(
    query: SelectQueryBuilder<DB, Table, Row>,
    table: Table,
  ): SelectQueryBuilder<DB, Table, Row>;
  /** The same as `lock`, but rows that somebody else keeps are passed over instead of waited for. */
  claim<DB, Table extends keyof DB & string, Row>(
    query: SelectQueryBuilder<DB, Table, Row>,
    table: Table,
  ): SelectQueryBuilder<DB, Table, Row>;
};
