import type { OwnMigration } from './own-migration.ts';

// The columns have the same names and meaning on both dialects; the types are each dialect's own.
const table = (id: string, moment: string) => `
CREATE TABLE IF NOT EXISTS mintaka_claimed_run (
  run_id ${id} NOT NULL PRIMARY KEY,
  claim_id ${id} NOT NULL,
  state_id ${id} NOT NULL,
  work_pool_id ${id} NOT NULL,
  work_queue_id ${id} NOT NULL,
  place INTEGER NOT NULL,
  requested ${moment} NOT NULL,
  lost ${moment}
);
CREATE INDEX IF NOT EXISTS mintaka_claimed_run_by_claim ON mintaka_claimed_run (claim_id);
CREATE INDEX IF NOT EXISTS mintaka_claimed_run_by_time ON mintaka_claimed_run (requested);
CREATE INDEX IF NOT EXISTS mintaka_claimed_run_lost ON mintaka_claimed_run (lost) WHERE lost IS NOT NULL;
`;

/**
 * Records which claim made a flow run Pending, so that the same claim gets it again if its answer is lost, and when it was
 * lost.
 */
export const claims: OwnMigration = {
  number: 14,
  name: 'claims',
  indexes: ['mintaka_claimed_run_by_claim', 'mintaka_claimed_run_by_time', 'mintaka_claimed_run_lost'],
  sql: {
    sqlite: table('CHAR(36)', 'DATETIME'),
    postgres: table('UUID', 'TIMESTAMP WITH TIME ZONE'),
  },
};
