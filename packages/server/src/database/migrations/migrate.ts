import type { AdminConnection, Database } from '../database.ts';
import type { DialectName } from '../dialect-name.ts';
import { DatabaseUnavailableError } from '../errors.ts';
import type { OwnMigration } from './own-migration.ts';
import type { Schema } from './schema.ts';
import { schemaOf } from './schema-of.ts';
import { type ReadingConnection, type Standing, standingOf } from './standing.ts';

/** The result of a migration, for logs. */
export type Migration = {
  /** Whether the database was empty and has the tables now. */
  readonly created: boolean;
  /** The names of our additions that were made. */
  readonly added: readonly string[];
};

/**
 * A database that is neither empty nor at the schema of Prefect 2.8.0; it was not changed. The message is one line for an
 * operator. @internal for tests
 */
export class UnknownSchemaError extends DatabaseUnavailableError {
  constructor(reason: string) {
    super(reason);
    this.name = 'UnknownSchemaError';
  }
}

/**
 * Migrates a database to the schema of this server: an empty one gets all tables, one of Prefect 2.8.0 gets our additions.
 * Uses one transaction; any number of servers can do it concurrently.
 * @param amongOthers whether a database with tables of other programs, and none of ours, counts as empty.
 * @throws UnknownSchemaError if the database contains anything else.
 */
export function migrate(database: Database, amongOthers = false): Promise<Migration> {
  const { name } = database.dialect;
  return database.administer((connection) => migrateThrough(connection, name, amongOthers));
}

async function migrateThrough(
  connection: AdminConnection,
  dialect: DialectName,
  amongOthers: boolean,
): Promise<Migration> {
  const schema = schemaOf(dialect);
  if (isReady(await standingOf(connection, dialect))) return { created: false, added: [] };
  return schema.exclusively(connection, async () => {
    // Checked again, because another server may have migrated while this one waited for its turn.
    const standing = await standingOf(connection, dialect);
    switch (standing.kind) {
      case 'unknown':
        throw new UnknownSchemaError(standing.reason);
      case 'empty':
        if (standing.foreign.length > 0 && !amongOthers) {
          throw new UnknownSchemaError(foreign(standing.foreign));
        }
        await createTables(connection, schema);
        return { created: true, added: await addPending(connection, dialect) };
      case 'current':
        return { created: false, added: await addPending(connection, dialect) };
    }
  });
}

/** Whether the database has the schema that the server works with, our additions included. Changes nothing. */
export async function databaseIsReady(connection: ReadingConnection, dialect: DialectName): Promise<boolean> {
  return isReady(await standingOf(connection, dialect));
}

/** Drops every table with its rows. An empty `alembic_version` remains; {@link migrate} creates everything again. */
export async function dropTables({ administer, dialect }: Database): Promise<void> {
  const schema = schemaOf(dialect.name);
  await administer((connection) =>
    schema.withoutForeignKeys(connection, () =>
      schema.exclusively(connection, async () => {
        await connection.exec(schema.bookkeeping);
        await connection.exec(`${schema.drop} DELETE FROM alembic_version;`);
      }),
    ),
  );
}

function foreign(tables: readonly string[]): string {
  const some = tables.toSorted().slice(0, 5).join(', ');
  return `The database contains tables of other programs (${some}${tables.length > 5 ? ', ...' : ''}); give the server an empty database, or set MINTAKA_DATABASE_ALLOW_FOREIGN_TABLES=true.`;
}

function isReady(standing: Standing): boolean {
  return standing.kind === 'current' && standing.pending.length === 0;
}

async function createTables(connection: AdminConnection, schema: Schema): Promise<void> {
  await connection.exec(schema.bookkeeping);
  await connection.exec(schema.create);
  await connection.exec(`INSERT INTO alembic_version (version_num) VALUES ('${schema.revision}')`);
}

async function addPending(connection: AdminConnection, dialect: DialectName): Promise<string[]> {
  const schema = schemaOf(dialect);
  const standing = await standingOf(connection, dialect);
  if (standing.kind !== 'current') {
    throw new Error('the schema that was just created does not match the expected one');
  }
  await connection.exec(schema.bookkeeping);
  for (const own of standing.pending) await add(connection, own, dialect);
  return standing.pending.map((own) => own.name);
}

async function add(connection: AdminConnection, own: OwnMigration, dialect: DialectName): Promise<void> {
  await connection.exec(own.sql[dialect] ?? '');
  await connection.exec(
    `DELETE FROM mintaka_migration WHERE number = ${own.number};
     INSERT INTO mintaka_migration (number, name) VALUES (${own.number}, '${own.name}')`,
  );
}
