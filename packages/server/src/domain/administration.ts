import { clearTables, dropTables, migrate } from '../database/migrations/migrate.ts';
import type { Context } from './context.ts';

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
