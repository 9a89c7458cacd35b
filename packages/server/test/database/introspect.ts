import { JsonText } from '@mintaka/contract';
import type { AdminConnection } from '../../src/database/database.ts';
import type { DialectName } from '../../src/database/dialect-name.ts';
import { introspectPostgres } from './introspect-postgres.ts';
import { introspectSqlite } from './introspect-sqlite.ts';
import type { SchemaDescription } from './schema-description.ts';

/** Describes a database for a comparison, without anything named `mintaka_...`. */
export async function introspect(
  connection: AdminConnection,
  dialect: DialectName,
): Promise<SchemaDescription> {
  const [version] = await connection.query('SELECT version_num FROM alembic_version', []);
  const described = await (dialect === 'sqlite'
    ? introspectSqlite(connection)
    : introspectPostgres(connection));
  const rows: SchemaDescription['rows'] = {};
  for (const table of Object.keys(described.tables)) {
    const found = await connection.query(`SELECT * FROM ${table}`, []);
    if (found.length > 0 && table !== 'alembic_version') rows[table] = found.map(withoutIdsAndTimes);
  }
  return { revision: String(version?.version_num), ...described, rows };
}

/** Replaces ids and times by whether they are set. */
function withoutIdsAndTimes(row: Record<string, unknown>): Record<string, unknown> {
  const isRandom = (column: string) => /^(id|created|updated)$|_id$/.test(column);
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column,
      isRandom(column) && value !== null ? '(any)' : value instanceof JsonText ? value.parse() : value,
    ]),
  );
}
