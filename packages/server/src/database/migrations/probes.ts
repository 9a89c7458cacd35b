import type { OwnMigration } from './own-migration.ts';

const table = (moment: string) => `
CREATE TABLE IF NOT EXISTS mintaka_probe (
  id INTEGER NOT NULL PRIMARY KEY,
  written ${moment} NOT NULL
);
`;

/** A table with a few rows that servers write to check that they can write. */
export const probes: OwnMigration = {
  number: 10,
  name: 'probes',
  indexes: [],
  sql: { sqlite: table('DATETIME'), postgres: table('TIMESTAMP WITH TIME ZONE') },
};
