import type { OwnMigration } from './own-migration.ts';

/**
 * An index from which lists of flow runs by start time read one page. On Postgres the reference has one; on SQLite the
 * reference lost its own in a migration. An expression index is skipped when the reference rebuilds the table: see the
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
