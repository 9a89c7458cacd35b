import type { Database, OnCommit } from '../../server/src/database/database.ts';
import { openSqlite, type SqliteOptions } from '../../server/src/database/drivers/sqlite.ts';
import { openDatabase } from '../../server/src/database/open.ts';

/** Opens the database of a URL for a test, whatever its schema. A broken idle connection does not fail the test. */
export function openTestDatabase(url: string, onCommit?: OnCommit): Promise<Database> {
  return openDatabase({
    url,
    timeout: 30,
    connectionTimeout: 10,
    lockTimeout: 20,
    poolSize: 4,
    monotonic: () => performance.now(),
    onConnectionLost: () => {},
    ...(onCommit === undefined ? {} : { onCommit }),
  });
}

/** Opens an SQLite file, or a database in memory, without a schema. */
export function openTestSqlite(path: string | undefined, options: Partial<SqliteOptions> = {}): Database {
  return openSqlite(path, {
    statementTimeout: 30,
    lockTimeout: 20,
    monotonic: () => performance.now(),
    ...options,
  });
}
