import { dropTables, migrate } from '../database/migrations/migrate.ts';
import type { Context } from './context.ts';
import { deleteWithChildren, forgetDeletion } from './deletion/deletions.ts';
import type { Target } from './deletion/targets.ts';
import { TemporarilyUnavailableError } from './errors.ts';

const wholeDatabase: Target = { kind: 'database', id: '' };

/**
 * Deletes every row of every table, as a deletion of its own: requests are served meanwhile, and what they add is deleted
 * too if it comes in time. If locks of others allow no progress it is given up: nothing is deleted later, unasked.
 * @throws TemporarilyUnavailableError
 */
export async function clearDatabase(context: Context): Promise<void> {
  try {
    await deleteWithChildren(context, wholeDatabase);
  } catch (error) {
    if (error instanceof TemporarilyUnavailableError && !context.deletions.isStopped()) {
      await forgetDeletion(context, wholeDatabase);
    }
    throw error;
  }
}

/** Drops every table with its rows; nothing but {@link createDatabase} works afterwards. */
export async function dropDatabase({ database }: Context): Promise<void> {
  await database.administer((connection) => dropTables(connection, database.dialect.name));
}

/** Makes the tables that are missing. */
export async function createDatabase({ database, settings }: Context): Promise<void> {
  const { foreignTables } = settings.database;
  await database.administer((connection) => migrate(connection, database.dialect.name, foreignTables));
}
