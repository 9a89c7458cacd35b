import type { OwnMigration } from './own-migration.ts';

// The columns have the same names and meaning on both dialects; the types are each dialect's own.
const table = (id: string, moment: string, flag: string, json: string) => `
CREATE TABLE IF NOT EXISTS mintaka_answered_request (
  run_id ${id} NOT NULL PRIMARY KEY,
  state_id ${id} NOT NULL,
  request_id VARCHAR,
  fingerprint VARCHAR NOT NULL,
  answer_lost ${flag} NOT NULL,
  status VARCHAR NOT NULL,
  details ${json} NOT NULL,
  answered ${moment} NOT NULL
);
CREATE INDEX IF NOT EXISTS mintaka_answered_request_by_time ON mintaka_answered_request (answered);
`;

/** Stores the answer to the last request about a run, in case it is repeated. */
export const answeredRequests: OwnMigration = {
  number: 2,
  name: 'answered requests',
  indexes: ['mintaka_answered_request_by_time'],
  sql: {
    sqlite: table('CHAR(36)', 'DATETIME', 'BOOLEAN', 'JSON'),
    postgres: table('UUID', 'TIMESTAMP WITH TIME ZONE', 'BOOLEAN', 'JSONB'),
  },
};
