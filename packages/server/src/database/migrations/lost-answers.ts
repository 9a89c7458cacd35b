import type { OwnMigration } from './own-migration.ts';

// The columns have the same names and meaning on both dialects; the types are each dialect's own.
const table = (id: string, moment: string) => `
CREATE TABLE IF NOT EXISTS mintaka_lost_answer (
  id ${id} NOT NULL PRIMARY KEY,
  fingerprint VARCHAR NOT NULL,
  status INTEGER NOT NULL,
  body TEXT,
  answered ${moment} NOT NULL
);
CREATE INDEX IF NOT EXISTS mintaka_lost_answer_by_fingerprint ON mintaka_lost_answer (fingerprint);
CREATE INDEX IF NOT EXISTS mintaka_lost_answer_by_time ON mintaka_lost_answer (answered);
`;

/** Stores answers that did not reach their client, for the repeated request. */
export const lostAnswers: OwnMigration = {
  number: 12,
  name: 'lost answers',
  indexes: ['mintaka_lost_answer_by_fingerprint', 'mintaka_lost_answer_by_time'],
  sql: {
    sqlite: table('CHAR(36)', 'DATETIME'),
    postgres: table('UUID', 'TIMESTAMP WITH TIME ZONE'),
  },
};
