import { dropTables, migrate } from '../database/migrations/migrate.ts';
import type { Context } from './context.ts';
import { deleteWithChildren, forgetDeletion } from './deletion/deletions.ts';
import type { Target } from './deletion/targets.ts';
import { TemporarilyUnavailableError } from './errors.ts';

const wholeDatabase: Target = { kind: 'database', id: '' };

/**
 * Deletes every row of every table, as one deletion. Requests are served meanwhile, and rows that they add in time are
 * deleted too. If locks of other transactions prevent progress, the deletion is abandoned, so that nothing is deleted later
 * without a request.
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
  await dropTables(database);
}

/** Creates missing tables. */
export async function createDatabase({ database, settings }: Context): Promise<void> {
  await migrate(database, settings.database.foreignTables);
  await database.transaction(async (session) => {
    session.changed({ kind: 'everything', id: null, action: 'changed' });
  });
}
