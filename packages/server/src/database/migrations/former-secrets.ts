import type { OwnMigration } from './own-migration.ts';

// No foreign key, because the reference could not drop its tables. A row of a deleted document has no effect.
const table = (id: string, json: string) => `
CREATE TABLE IF NOT EXISTS mintaka_former_secret (
  block_document_id ${id} NOT NULL PRIMARY KEY,
  paths ${json} NOT NULL
);
`;

/** Remembers which fields of a block document were secret under another schema than its present one. */
export const formerSecrets: OwnMigration = {
  number: 11,
  name: 'former secrets',
  indexes: [],
  sql: { sqlite: table('CHAR(36)', 'JSON'), postgres: table('UUID', 'JSONB') },
};
