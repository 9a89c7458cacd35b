import type { Database, OnCommit } from './database.ts';
import { DatabaseUnavailableError } from './errors.ts';
import { databaseIsReady, migrate } from './migrations/migrate.ts';
import { parseDatabaseUrl } from './url.ts';

/** How to open a database. Durations in seconds, 0 for no limit. */
export type OpenOptions = {
  /** The database URL in SQLAlchemy's format, see `url.ts`. */
  url: string;
  /** The timeout of a statement on Postgres, or in a reader thread of SQLite. */
  timeout: number;
  /** The timeout for connecting to Postgres. */
  connectionTimeout: number;
  /** How long a transaction waits for a lock. */
  lockTimeout: number;
  /** The maximum number of connections to Postgres. */
  poolSize: number;
  /** Milliseconds since any fixed point. */
  monotonic: () => number;
  /** Called if an idle connection breaks; it is replaced. */
  onConnectionLost: (error: Error) => void;
  /** Receives each commit. */
  onCommit?: OnCommit;
};

/**
 * Opens the database of a URL, whatever its schema.
 * @throws DatabaseUnavailableError with one line for an operator if the URL is invalid or the database cannot be reached.
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
 * Migrates an open database to the schema of this server; without `mayMigrate` it only checks. If that fails, the database is
 * closed unchanged.
 * @param amongOthers whether the tables may be created in a database with tables of other programs.
 * @throws DatabaseUnavailableError with one line for an operator.
 */
export async function prepareSchema(
  database: Database,
  mayMigrate: boolean,
  amongOthers = false,
): Promise<void> {
  try {
    if (mayMigrate) {
      await migrate(database, amongOthers);
    } else if (!(await hasSchema(database))) {
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

function hasSchema({ administer, dialect }: Database): Promise<boolean> {
  return administer((connection) => databaseIsReady(connection, dialect.name));
}
