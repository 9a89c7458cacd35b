import { clearTables, databaseIsReady, dropTables, migrate } from '../database/migrations/migrate.ts';
import type { Context } from './context.ts';

/** Whether the server can do its work: the database answers and has the schema. */
export async function isReady({ database }: Context): Promise<boolean> {
  try {
    return await database.administer((connection) => databaseIsReady(connection, database.dialect.name));
  } catch {
    return false;
  }
}

/** Deletes every row of every table. */
export async function clearDatabase({ database }: Context): Promise<void> {
  await database.administer((connection) => clearTables(connection, database.dialect.name));
}

/** Drops every table with its rows; nothing but {@link createDatabase} works afterwards. */
export async function dropDatabase({ database }: Context): Promise<void> {
  await database.administer((connection) => dropTables(connection, database.dialect.name));
}

/** Makes the tables where they are missing. */
export async function createDatabase({ database }: Context): Promise<void> {
  await database.administer((connection) => migrate(connection, database.dialect.name));
}
