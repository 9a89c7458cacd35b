import type { Database } from './database.ts';
import { openPostgres } from './drivers/postgres.ts';
import { openSqlite } from './drivers/sqlite.ts';
import { parseDatabaseUrl } from './url.ts';

/** How to open a database. Durations in seconds, 0 for no limit. */
export type OpenOptions = {
  /** The database in SQLAlchemy's form, see `url.ts`. */
  url: string;
  /** How long a statement may take on Postgres. */
  timeout: number;
  /** How long connecting to Postgres may take. */
  connectionTimeout: number;
  /** How many connections to Postgres there are at most. */
  poolSize: number;
  /** Milliseconds since any fixed moment. */
  monotonic: () => number;
  /** Called where an idle connection breaks; another takes its place. */
  onConnectionLost: (error: Error) => void;
};

/**
 * Opens the database that a URL names, whatever its schema.
 * @throws DatabaseUnavailableError with one line for an operator where the URL is none or the database cannot be reached.
 */
export async function openDatabase(options: OpenOptions): Promise<Database> {
  const location = parseDatabaseUrl(options.url);
  switch (location.dialect) {
    case 'sqlite':
      return openSqlite(location.path, options.monotonic);
    case 'postgres':
      return openPostgres({
        ...location,
        connectionTimeout: options.connectionTimeout,
        statementTimeout: options.timeout,
        poolSize: options.poolSize,
        onConnectionLost: options.onConnectionLost,
      });
  }
}
