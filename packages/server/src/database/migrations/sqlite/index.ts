import type { AdminConnection } from '../../database.ts';
import { isBusy } from '../../drivers/sqlite-errors.ts';
import { dataTables, ownTables } from '../data-tables.ts';
import { defaultPool } from '../default-pool.ts';
import type { Schema } from '../schema.ts';
import { commitAfter } from '../transaction.ts';
import { administration } from './administration.ts';
import { blocks } from './blocks.ts';
import { now } from './columns.ts';
import { flows } from './flows.ts';
import { notifications } from './notifications.ts';
import { records } from './records.ts';
import { runs } from './runs.ts';
import { work } from './work.ts';

/** The delay before another process's lock is tried again, in milliseconds. */
const retryMilliseconds = 10;
/** How often to try before giving up: about a minute. */
const attempts = 6000;

/** The schema in SQLite. */
export const sqliteSchema: Schema = {
  revision: '8d148e44e669',
  create: [flows, runs, work, blocks, notifications, records, administration, defaultPool].join('\n'),
  bookkeeping: `
CREATE TABLE IF NOT EXISTS alembic_version (
  version_num VARCHAR(32) NOT NULL,
  CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
CREATE TABLE IF NOT EXISTS mintaka_migration (
  number INTEGER NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  applied DATETIME DEFAULT ${now} NOT NULL
);
`,
  drop: [...dataTables, ...ownTables].map((table) => `DROP TABLE IF EXISTS ${table};`).join('\n'),
  names: "SELECT name FROM sqlite_master WHERE type IN ('table', 'index')",
  tables: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
  exclusively: async (connection, work) => {
    await beginPatiently(connection);
    return commitAfter(connection, work);
  },
  // The pragma has no effect within a transaction, so it surrounds it.
  withoutForeignKeys: async (connection, work) => {
    await connection.exec('PRAGMA foreign_keys = OFF');
    try {
      return await work();
    } finally {
      await connection.exec('PRAGMA foreign_keys = ON');
    }
  },
};

/** Takes the write lock immediately, so that everything the transaction reads stays valid; waits off the event loop. */
async function beginPatiently(connection: AdminConnection): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await connection.exec('BEGIN IMMEDIATE');
    } catch (error) {
      if (!isBusy(error) || attempt === attempts) throw error;
      await new Promise((again) => setTimeout(again, retryMilliseconds));
    }
  }
}
