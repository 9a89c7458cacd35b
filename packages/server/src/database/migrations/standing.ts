import type { AdminConnection } from '../database.ts';
import type { DialectName } from '../dialect-name.ts';
import { dataTables } from './data-tables.ts';
import type { OwnMigration } from './own-migration.ts';
import { ownMigrations } from './own-migrations.ts';
import { schemaOf } from './schema-of.ts';

/** Runs one statement; its rows are those of a driver or a session. */
export type ReadingConnection = Pick<AdminConnection, 'query'>;

/**
 * The state of a database's schema: nothing of ours, but perhaps tables of other programs (`foreign`); the reference's
 * schema, with our missing additions; or an unknown schema.
 */
export type Standing =
  | { readonly kind: 'empty'; readonly foreign: readonly string[] }
  | { readonly kind: 'current'; readonly pending: readonly OwnMigration[] }
  | { readonly kind: 'unknown'; readonly reason: string };

/** Determines the state of a database's schema; changes nothing. */
export async function standingOf(connection: ReadingConnection, dialect: DialectName): Promise<Standing> {
  const schema = schemaOf(dialect);
  const names = await textsOf(connection, schema.names, 'name');
  const revisions = names.has('alembic_version')
    ? await textsOf(connection, 'SELECT version_num FROM alembic_version', 'version_num')
    : new Set<string>();
  if (revisions.size === 0) return withoutRevision(names, await textsOf(connection, schema.tables, 'name'));
  if (revisions.size > 1 || !revisions.has(schema.revision)) {
    return { kind: 'unknown', reason: unknownRevision([...revisions], schema.revision) };
  }
  const recorded = names.has('mintaka_migration')
    ? await textsOf(connection, 'SELECT number FROM mintaka_migration', 'number')
    : new Set<string>();
  const wanted = ownMigrations.filter((own) => own.sql[dialect] !== undefined);
  return { kind: 'current', pending: wanted.filter((own) => !isApplied(own, recorded, names)) };
}

function withoutRevision(names: ReadonlySet<string>, tables: ReadonlySet<string>): Standing {
  const taken = dataTables.filter((table) => names.has(table));
  if (taken.length === 0) return { kind: 'empty', foreign: [...tables].filter(isForeign) };
  const reason = `The database already contains tables with names that this server needs (${taken.join(', ')}) but no schema revision in "alembic_version"; give the server an empty database.`;
  return { kind: 'unknown', reason };
}

function isForeign(table: string): boolean {
  return table !== 'alembic_version' && !table.startsWith('mintaka_');
}

function unknownRevision(found: readonly string[], known: string): string {
  return `The database's schema is at revision ${found.join(', ')}, but this server supports only ${known} (Prefect 2.8.0); migrate it with Prefect 2.8.0, or use another database.`;
}

function isApplied(own: OwnMigration, recorded: ReadonlySet<string>, names: ReadonlySet<string>): boolean {
  return recorded.has(String(own.number)) && own.indexes.every((index) => names.has(index));
}

async function textsOf(connection: ReadingConnection, sql: string, column: string): Promise<Set<string>> {
  const rows = await connection.query(sql, []);
  return new Set(rows.map((row) => String(row[column])));
}
