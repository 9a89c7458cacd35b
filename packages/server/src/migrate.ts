import { openDatabase, prepareSchema } from './database/open.ts';
import type { ServerSettings } from './settings.ts';

/**
 * Brings the database that the settings name to the schema that this server works with, and closes it. It makes a missing
 * SQLite file, and waits for a migration by another process.
 * @throws DatabaseUnavailableError with one line for an operator.
 */
export async function migrate(settings: ServerSettings): Promise<void> {
  const database = await openDatabase({
    url: settings.databaseUrl,
    ...settings.database,
    monotonic: () => performance.now(),
    onConnectionLost: () => {},
  });
  await prepareSchema(database, true, settings.database.foreignTables);
  await database.close();
}
