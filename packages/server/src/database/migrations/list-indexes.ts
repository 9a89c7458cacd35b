import type { OwnMigration } from './own-migration.ts';

/**
 * Lets lists of flow runs by start time read one page from an index. Postgres has one of the reference's; on SQLite the
 * reference lost its own in a migration. An expression is left out when the reference rebuilds the table: see the
 * dispatch indexes.
 */
export const listIndexes: OwnMigration = {
  number: 3,
  name: 'list indexes',
  indexes: ['mintaka_flow_run_by_start'],
  sql: {
    sqlite: `
CREATE INDEX IF NOT EXISTS mintaka_flow_run_by_start
  ON flow_run (coalesce(start_time, expected_start_time));
`,
  },
};
