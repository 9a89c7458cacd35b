import { JsonText } from '@mintaka/contract';
import type { AdminConnection } from '../../src/database/database.ts';
import type { DialectName } from '../../src/database/dialect-name.ts';
import { introspectPostgres } from './introspect-postgres.ts';
import { introspectSqlite } from './introspect-sqlite.ts';
import type { SchemaDescription } from './schema-description.ts';

/** Describes a database so that two of them can be compared. Whatever is named `mintaka_...` is left out. */
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

/** Says only whether an id or a time is there. */
function withoutIdsAndTimes(row: Record<string, unknown>): Record<string, unknown> {
  const isRandom = (column: string) => /^(id|created|updated)$|_id$/.test(column);
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column,
      isRandom(column) && value !== null ? '(any)' : value instanceof JsonText ? value.parse() : value,
    ]),
  );
}
