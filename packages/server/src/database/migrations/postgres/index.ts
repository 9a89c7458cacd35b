import { dataTables, ownTables } from '../data-tables.ts';
import { defaultPool } from '../default-pool.ts';
import type { Schema } from '../schema.ts';
import { commitAfter } from '../transaction.ts';
import { administration } from './administration.ts';
import { blocks } from './blocks.ts';
import { flows } from './flows.ts';
import { foreignKeys } from './foreign-keys.ts';
import { notifications } from './notifications.ts';
import { records } from './records.ts';
import { runs } from './runs.ts';
import { types } from './types.ts';
import { work } from './work.ts';

/** The key of the advisory lock for migrations; an arbitrary number. */
const lockKey = 7_304_118_294_551;

/** The schema in Postgres. */
export const postgresSchema: Schema = {
  revision: 'cfdfec5d7557',
  create: [
    types,
    flows,
    runs,
    work,
    blocks,
    notifications,
    records,
    administration,
    foreignKeys,
    defaultPool,
  ].join('\n'),
  bookkeeping: `
CREATE TABLE IF NOT EXISTS alembic_version (
  version_num VARCHAR(32) NOT NULL,
  CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
CREATE TABLE IF NOT EXISTS mintaka_migration (
  number INTEGER NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  applied TIMESTAMPTZ DEFAULT CURRENT_TIMESTAMP NOT NULL
);
`,
  // The extension is kept: other tables may use it, and it may belong to another user. Every statement that uses a table waits
  // behind one that wants to drop it. So each attempt waits only briefly for a lock, and releases those that it has: the block
  // with the exception is a subtransaction.
  drop: `SET LOCAL lock_timeout = '20ms';
DO $$
DECLARE
  last_attempt CONSTANT timestamptz := clock_timestamp() + interval '5 seconds';
BEGIN
  LOOP
    BEGIN
      DROP TABLE IF EXISTS ${[...dataTables, ...ownTables].join(', ')};
      EXIT;
    EXCEPTION WHEN lock_not_available THEN
      IF clock_timestamp() > last_attempt THEN RAISE; END IF;
    END;
    PERFORM pg_sleep(0.1);
  END LOOP;
END $$;
DROP TYPE IF EXISTS state_type;`,
  tables: `
SELECT relname AS name FROM pg_class
WHERE relkind IN ('r', 'p', 'f') AND pg_table_is_visible(oid) AND relnamespace <> 'pg_catalog'::regnamespace
  AND NOT EXISTS (
    SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e'
  )`,
  names: "SELECT relname AS name FROM pg_class WHERE relkind IN ('r', 'p', 'i') AND pg_table_is_visible(oid)",
  exclusively: async (connection, work) => {
    // Creating an index on a long table takes longer than the timeouts of ordinary statements, and so does waiting for
    // another server's.
    await connection.exec(
      `BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0;
       SELECT pg_advisory_xact_lock(${lockKey})`,
    );
    return commitAfter(connection, work);
  },
  // `drop` names all tables in one statement, which Postgres checks as a whole.
  withoutForeignKeys: (_connection, work) => work(),
};
