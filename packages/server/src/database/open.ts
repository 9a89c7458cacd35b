import type { Database, OnCommit } from './database.ts';
import { DatabaseUnavailableError } from './errors.ts';
import { databaseIsReady, migrate } from './migrations/migrate.ts';
import { parseDatabaseUrl } from './url.ts';

/** How to open a database. Durations in seconds, 0 for no limit. */
export type OpenOptions = {
  /** The database in SQLAlchemy's form, see `url.ts`. */
  url: string;
  /** How long a statement may take on Postgres, or in a reading thread of SQLite. */
  timeout: number;
  /** How long connecting to Postgres may take. */
  connectionTimeout: number;
  /** How long a transaction waits for a lock. */
  lockTimeout: number;
  /** How many connections to Postgres there are at most. */
  poolSize: number;
  /** Milliseconds since any fixed moment. */
  monotonic: () => number;
  /** Called where an idle connection breaks; another takes its place. */
  onConnectionLost: (error: Error) => void;
  /** Told of each commit. */
  onCommit?: OnCommit;
};

/**
 * Opens the database that a URL names, whatever its schema.
 * @throws DatabaseUnavailableError with one line for an operator where the URL is none or the database cannot be reached.
 */
export async function openDatabase(options: OpenOptions): Promise<Database> {
  const location = parseDatabaseUrl(options.url);
  switch (location.dialect) {
    case 'sqlite': {
      const { openSqlite } = await import('./drivers/sqlite.ts');
      return openSqlite(location.path, {
        statementTimeout: options.timeout,
        lockTimeout: options.lockTimeout,
        monotonic: options.monotonic,
        onCommit: options.onCommit,
      });
    }
    case 'postgres': {
      const { openPostgres } = await import('./drivers/postgres.ts');
      return openPostgres({
        ...location,
        connectionTimeout: options.connectionTimeout,
        statementTimeout: options.timeout,
        lockTimeout: options.lockTimeout,
        poolSize: options.poolSize,
        onConnectionLost: options.onConnectionLost,
        monotonic: options.monotonic,
        onCommit: options.onCommit,
      });
    }
  }
}

/**
 * Brings an opened database to the schema that the server works with; without `mayMigrate` it only looks. If that
 * fails the database is closed, as it was found.
 * @param amongOthers whether the tables may be made in a database that has tables of other programs.
 * @throws DatabaseUnavailableError with one line for an operator.
 */
export async function prepareSchema(
  database: Database,
  mayMigrate: boolean,
  amongOthers = false,
): Promise<void> {
  const dialect = database.dialect.name;
  try {
    if (mayMigrate) await database.administer((connection) => migrate(connection, dialect, amongOthers));
    else if (!(await database.administer((connection) => databaseIsReady(connection, dialect)))) {
      throw new DatabaseUnavailableError(
        'the database does not have the schema that this server needs, and PREFECT_ORION_DATABASE_MIGRATE_ON_START is off',
      );
    }
  } catch (error) {
    await database.close();
    if (error instanceof DatabaseUnavailableError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new DatabaseUnavailableError(`cannot bring the database's schema up to date: ${reason}`, error);
  }
}
