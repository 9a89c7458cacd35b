import type { OwnMigration } from './own-migration.ts';

const sql = `
CREATE INDEX IF NOT EXISTS mintaka_block_document_reference_by_parent
  ON block_document_reference (parent_block_document_id);
CREATE INDEX IF NOT EXISTS mintaka_block_schema_reference_by_parent
  ON block_schema_reference (parent_block_schema_id);
`;

/** Indexes for nested documents: without them, each level of nesting would read all references. */
export const blockIndexes: OwnMigration = {
  number: 5,
  name: 'block indexes',
  indexes: ['mintaka_block_document_reference_by_parent', 'mintaka_block_schema_reference_by_parent'],
  sql: { sqlite: sql, postgres: sql },
};
