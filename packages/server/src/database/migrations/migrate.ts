import type { AdminConnection } from '../database.ts';
import type { DialectName } from '../dialect-name.ts';
import { DatabaseUnavailableError } from '../errors.ts';
import type { OwnMigration } from './own-migration.ts';
import type { Schema } from './schema.ts';
import { schemaOf } from './schema-of.ts';
import { type ReadingConnection, type Standing, standingOf } from './standing.ts';

/** What a migration did, for logs. */
export type Migration = {
  /** Whether the database was empty and has the tables now. */
  readonly created: boolean;
  /** The names of the additions of ours that it got. */
  readonly added: readonly string[];
};

/** A database that is neither empty nor at the schema of Prefect 2.8.0; it was left as it is. The message is one line for an operator. @internal for tests */
export class UnknownSchemaError extends DatabaseUnavailableError {
  constructor(reason: string) {
    super(reason);
    this.name = 'UnknownSchemaError';
  }
}

/**
 * Brings a database to the schema that the server works with: an empty one gets all tables, one of Prefect 2.8.0 our
 * additions. All of it in one transaction, and any number of servers may do it at once.
 * @param amongOthers whether a database that has tables of other programs, and none of ours, counts as empty.
 * @throws UnknownSchemaError if the database holds something else.
 */
export async function migrate(
  connection: AdminConnection,
  dialect: DialectName,
  amongOthers = false,
): Promise<Migration> {
  const schema = schemaOf(dialect);
  if (isReady(await standingOf(connection, dialect))) return { created: false, added: [] };
  return schema.exclusively(connection, async () => {
    // Asked again: another server may have done the work while this one waited for its turn.
    const standing = await standingOf(connection, dialect);
    switch (standing.kind) {
      case 'unknown':
        throw new UnknownSchemaError(standing.reason);
      case 'empty':
        if (standing.foreign.length > 0 && !amongOthers)
          throw new UnknownSchemaError(foreign(standing.foreign));
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

/** Drops every table with its rows. What stays is an empty `alembic_version`; {@link migrate} makes all of it again. */
export async function dropTables(connection: AdminConnection, dialect: DialectName): Promise<void> {
  const schema = schemaOf(dialect);
  await schema.withoutForeignKeys(connection, () =>
    schema.exclusively(connection, async () => {
      await connection.exec(schema.bookkeeping);
      await connection.exec(`${schema.drop} DELETE FROM alembic_version;`);
    }),
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
  if (standing.kind !== 'current')
    throw new Error('the schema that was just created does not match the expected one');
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
