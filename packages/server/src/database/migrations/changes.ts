import type { OwnMigration } from './own-migration.ts';

/**
 * Informs other servers of committed changes; see `drivers/postgres-changes.ts`. Its rows live for a minute, and a crash of
 * the database may lose them: then every listener reads again. SQLite has one server, which needs no table.
 */
export const changes: OwnMigration = {
  number: 13,
  name: 'changes',
  indexes: ['mintaka_change_by_transaction'],
  sql: {
    postgres: `
CREATE UNLOGGED TABLE IF NOT EXISTS mintaka_change (
  number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  transaction BIGINT NOT NULL DEFAULT txid_current(),
  kind VARCHAR NOT NULL,
  id UUID,
  action VARCHAR NOT NULL,
  flow_run_id UUID,
  state_type VARCHAR,
  work_queue_id UUID
);
CREATE INDEX IF NOT EXISTS mintaka_change_by_transaction ON mintaka_change (transaction);
`,
  },
};
