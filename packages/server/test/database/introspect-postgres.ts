import type { AdminConnection } from '../../src/database/database.ts';
import { isOwn, type SchemaDescription, type TableDescription } from './schema-description.ts';

const tableNames = `
  SELECT relname AS name FROM pg_class
  WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname COLLATE "C"`;

const columns = `
  SELECT attname AS name, format_type(atttypid, atttypmod) AS type, NOT attnotnull AS nullable,
    pg_get_expr(adbin, adrelid) AS default
  FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
  WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`;

const constraints = `
  SELECT conname AS name, pg_get_constraintdef(oid) AS text FROM pg_constraint
  WHERE conrelid = $1::regclass ORDER BY conname COLLATE "C"`;

const indexes = `
  SELECT relname AS name, pg_get_indexdef(indexrelid) AS text FROM pg_index JOIN pg_class ON oid = indexrelid
  WHERE indrelid = $1::regclass ORDER BY relname COLLATE "C"`;

const enums = `
  SELECT typname AS name, array_agg(enumlabel::text ORDER BY enumsortorder) AS labels
  FROM pg_enum JOIN pg_type ON pg_type.oid = enumtypid GROUP BY typname ORDER BY typname`;

const extensions = "SELECT extname AS name FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY extname";

/** The tables of a Postgres database according to its catalogue. */
export async function introspectPostgres(
  connection: AdminConnection,
): Promise<Pick<SchemaDescription, 'tables' | 'enums' | 'extensions'>> {
  const tables: SchemaDescription['tables'] = {};
  for (const { name } of await connection.query(tableNames, [])) {
    if (!isOwn(String(name))) tables[String(name)] = await describe(connection, String(name));
  }
  const found = await connection.query(enums, []);
  return {
    tables,
    enums: Object.fromEntries(found.map(({ name, labels }) => [String(name), listOf(labels)])),
    extensions: (await connection.query(extensions, [])).map(({ name }) => String(name)),
  };
}

async function describe(connection: AdminConnection, table: string): Promise<TableDescription> {
  const found = await connection.query(columns, [table]);
  return {
    columns: found.map((row) => ({
      name: String(row.name),
      type: String(row.type),
      nullable: row.nullable === true,
      default: row.default === null ? null : String(row.default),
    })),
    constraints: named(await connection.query(constraints, [table])),
    indexes: named(await connection.query(indexes, [table])),
  };
}

function named(rows: Record<string, unknown>[]): Record<string, string> {
  const entries = rows.map(({ name, text }) => [String(name), String(text)] as const);
  return Object.fromEntries(entries.filter(([name]) => !isOwn(name)));
}

function listOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
