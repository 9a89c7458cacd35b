import type { OwnMigration } from './own-migration.ts';

// The columns have the same names and meaning on both dialects; the types are each dialect's own.
const table = (id: string, moment: string) => `
CREATE TABLE IF NOT EXISTS mintaka_operation_list (
  id ${id} NOT NULL PRIMARY KEY,
  fingerprint VARCHAR NOT NULL,
  answer TEXT,
  answered ${moment} NOT NULL
);
CREATE INDEX IF NOT EXISTS mintaka_operation_list_by_time ON mintaka_operation_list (answered);
`;

/** Stores the answers to lists of operations, for lists that are sent again. */
export const operationLists: OwnMigration = {
  number: 15,
  name: 'operation lists',
  indexes: ['mintaka_operation_list_by_time'],
  sql: {
    sqlite: table('CHAR(36)', 'DATETIME'),
    postgres: table('UUID', 'TIMESTAMP WITH TIME ZONE'),
  },
};
