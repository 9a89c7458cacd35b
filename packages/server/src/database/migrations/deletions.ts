import type { OwnMigration } from './own-migration.ts';

const table = (moment: string) => `
CREATE TABLE IF NOT EXISTS mintaka_deletion (
  kind VARCHAR NOT NULL,
  target_id VARCHAR NOT NULL,
  asked ${moment} NOT NULL,
  worked ${moment} NOT NULL,
  PRIMARY KEY (kind, target_id)
);
`;

/** Columns that refer to rows of another table, which the reference does not index. */
const references = [
  { index: 'mintaka_block_document_by_schema', on: 'block_document (block_schema_id' },
  {
    index: 'mintaka_block_document_reference_by_child',
    on: 'block_document_reference (reference_block_document_id',
  },
  {
    index: 'mintaka_block_schema_reference_by_child',
    on: 'block_schema_reference (reference_block_schema_id',
  },
  { index: 'mintaka_deployment_by_infrastructure', on: 'deployment (infrastructure_document_id' },
  { index: 'mintaka_deployment_by_storage', on: 'deployment (storage_document_id' },
  { index: 'mintaka_notification_policy_by_block', on: 'flow_run_notification_policy (block_document_id' },
  {
    index: 'mintaka_notification_by_policy',
    on: 'flow_run_notification_queue (flow_run_notification_policy_id',
  },
  { index: 'mintaka_notification_by_state', on: 'flow_run_notification_queue (flow_run_state_id' },
  { index: 'mintaka_task_run_state_cache_by_state', on: 'task_run_state_cache (task_run_state_id' },
  { index: 'mintaka_work_pool_by_default_queue', on: 'work_pool (default_queue_id' },
] as const;

// The dummy last column is explained at the dispatch indexes.
function indexesEndingIn(last: string): string {
  return references
    .map(({ index, on }) => `CREATE INDEX IF NOT EXISTS ${index} ON ${on}${last});`)
    .join('\n');
}

/** A table of deletions with more than one transaction, and indexes to find every row that refers to a deleted one. */
export const deletions: OwnMigration = {
  number: 7,
  name: 'deletions',
  indexes: references.map(({ index }) => index),
  sql: {
    sqlite: `${table('DATETIME')}${indexesEndingIn(', (0)')}`,
    postgres: `${table('TIMESTAMP WITH TIME ZONE')}${indexesEndingIn('')}`,
  },
};
