import type { OwnMigration } from './own-migration.ts';

/**
 * An index with which lists by a rare tag find their runs without reading all others. Runs without tags are not in it and
 * cost nothing. On SQLite a state change does not update it, and reading it reads the tags of all runs; its last column is
 * for the reference's rebuilds, see the dispatch indexes. On Postgres it finds the runs with a tag.
 */
export const tagIndexes: OwnMigration = {
  number: 6,
  name: 'tag indexes',
  indexes: ['mintaka_flow_run_by_tags', 'mintaka_task_run_by_tags'],
  sql: {
    sqlite: `
CREATE INDEX IF NOT EXISTS mintaka_flow_run_by_tags ON flow_run (tags, (0)) WHERE tags <> '[]';
CREATE INDEX IF NOT EXISTS mintaka_task_run_by_tags ON task_run (tags, (0)) WHERE tags <> '[]';
`,
    postgres: `
CREATE INDEX IF NOT EXISTS mintaka_flow_run_by_tags ON flow_run USING gin (tags jsonb_path_ops) WHERE tags <> '[]';
CREATE INDEX IF NOT EXISTS mintaka_task_run_by_tags ON task_run USING gin (tags jsonb_path_ops) WHERE tags <> '[]';
`,
  },
};
