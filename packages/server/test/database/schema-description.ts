/** A column as the database describes it; `default` is its expression without whitespace and redundant parentheses. */
export type ColumnDescription = { name: string; type: string; nullable: boolean; default: string | null };

/** A table: its columns in order, and by name its constraints and indexes in the database's own words. */
export type TableDescription = {
  columns: ColumnDescription[];
  constraints: Record<string, string>;
  indexes: Record<string, string>;
};

/** Everything that a schema has, and the rows that a fresh database has, without ids and times. */
export type SchemaDescription = {
  revision: string;
  tables: Record<string, TableDescription>;
  /** Enum types with their values in order; none on SQLite. */
  enums: Record<string, string[]>;
  extensions: string[];
  rows: Record<string, Record<string, unknown>[]>;
};

/** Whether a name is one of our additions. */
export function isOwn(name: string): boolean {
  return name.startsWith('mintaka_');
}
