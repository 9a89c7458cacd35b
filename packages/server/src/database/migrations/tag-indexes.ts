import type { OwnMigration } from './own-migration.ts';

/**
 * Lets lists by a rare tag find its runs without reading all others. Runs without tags are left out and cost nothing. On
 * SQLite a state change does not touch it, and to read it is to read all tags side by side; its last column is there for
 * the reference's rebuilds, see the dispatch indexes. On Postgres it leads to the runs that have a tag.
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
