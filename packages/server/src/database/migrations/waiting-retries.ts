import type { OwnMigration } from './own-migration.ts';

// The columns have the same names and meaning on both dialects; the types are each dialect's own.
const table = (id: string, moment: string) => `
CREATE TABLE IF NOT EXISTS mintaka_waiting_retry (
  run_id ${id} NOT NULL PRIMARY KEY,
  due ${moment} NOT NULL
);
CREATE INDEX IF NOT EXISTS mintaka_waiting_retry_by_due ON mintaka_waiting_retry (due);
`;

/**
 * The flow runs that wait for a retry in the process that ran them, and until when. A row only applies while its run is due
 * at that time.
 */
export const waitingRetries: OwnMigration = {
  number: 9,
  name: 'waiting retries',
  indexes: ['mintaka_waiting_retry_by_due'],
  sql: {
    sqlite: table('CHAR(36)', 'DATETIME'),
    postgres: table('UUID', 'TIMESTAMP WITH TIME ZONE'),
  },
};
