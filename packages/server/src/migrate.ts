import { openDatabase, prepareSchema } from './database/open.ts';
import type { ServerSettings } from './settings.ts';

/**
 * Migrates the database of the settings to the schema of this server, and closes it. Creates a missing SQLite file, and waits
 * for a migration by another process.
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
