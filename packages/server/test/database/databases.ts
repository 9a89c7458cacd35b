import { openTestDatabase } from '@mintaka/testing/open';
import { testPostgres } from '@mintaka/testing/postgres';
import type { Database } from '../../src/database/database.ts';
import { migrate } from '../../src/database/migrations/migrate.ts';

/** Fresh databases with the schema, one of each dialect that the machine has. */
export type Databases = {
  readonly all: readonly Database[];
  /** Closes all databases and drops those that are not in memory. */
  close(): Promise<void>;
};

/** Opens an SQLite database in memory and, if Postgres is available, one there. */
export async function openBoth(): Promise<Databases> {
  const sqlite = await openTestDatabase('sqlite://');
  await migrate(sqlite);
  const place = await testPostgres({ migrated: true });
  const postgres = place === undefined ? [] : [await openTestDatabase(place.url)];
  const all = [sqlite, ...postgres];
  return {
    all,
    close: async () => {
      for (const database of all) await database.close();
      await place?.drop();
    },
  };
}
