import type { DeletableTable } from '../../../src/database/dialects/deletion.ts';

/** A column with ids of another table, and what must happen to its rows when those are deleted. */
export type Reference = {
  table: DeletableTable;
  column: string;
  to: DeletableTable;
  rule: 'delete' | 'null';
};

/** All columns of Prefect's tables and of ours that refer to rows, with the right rule for each. */
export const references: readonly Reference[] = [
  { table: 'flow_run', column: 'flow_id', to: 'flow', rule: 'delete' },
  { table: 'deployment', column: 'flow_id', to: 'flow', rule: 'delete' },
  { table: 'flow_run', column: 'deployment_id', to: 'deployment', rule: 'null' },
  { table: 'flow_run', column: 'state_id', to: 'flow_run_state', rule: 'null' },
  { table: 'flow_run', column: 'parent_task_run_id', to: 'task_run', rule: 'null' },
  { table: 'flow_run', column: 'work_queue_id', to: 'work_queue', rule: 'null' },
  { table: 'flow_run', column: 'infrastructure_document_id', to: 'block_document', rule: 'null' },
  { table: 'deployment', column: 'work_queue_id', to: 'work_queue', rule: 'null' },
  { table: 'deployment', column: 'infrastructure_document_id', to: 'block_document', rule: 'null' },
  { table: 'deployment', column: 'storage_document_id', to: 'block_document', rule: 'null' },
  { table: 'flow_run_state', column: 'flow_run_id', to: 'flow_run', rule: 'delete' },
  { table: 'flow_run_state', column: 'result_artifact_id', to: 'artifact', rule: 'null' },
  { table: 'task_run', column: 'flow_run_id', to: 'flow_run', rule: 'delete' },
  { table: 'task_run', column: 'state_id', to: 'task_run_state', rule: 'null' },
  { table: 'task_run_state', column: 'task_run_id', to: 'task_run', rule: 'delete' },
  { table: 'task_run_state', column: 'result_artifact_id', to: 'artifact', rule: 'null' },
  { table: 'task_run_state_cache', column: 'task_run_state_id', to: 'task_run_state', rule: 'delete' },
  { table: 'log', column: 'flow_run_id', to: 'flow_run', rule: 'delete' },
  { table: 'log', column: 'task_run_id', to: 'task_run', rule: 'delete' },
  { table: 'artifact', column: 'flow_run_id', to: 'flow_run', rule: 'delete' },
  { table: 'artifact', column: 'task_run_id', to: 'task_run', rule: 'delete' },
  { table: 'flow_run_notification_queue', column: 'flow_run_state_id', to: 'flow_run_state', rule: 'delete' },
  {
    table: 'flow_run_notification_queue',
    column: 'flow_run_notification_policy_id',
    to: 'flow_run_notification_policy',
    rule: 'delete',
  },
  {
    table: 'flow_run_notification_policy',
    column: 'block_document_id',
    to: 'block_document',
    rule: 'delete',
  },
  { table: 'block_document', column: 'block_type_id', to: 'block_type', rule: 'delete' },
  { table: 'block_document', column: 'block_schema_id', to: 'block_schema', rule: 'delete' },
  { table: 'block_schema', column: 'block_type_id', to: 'block_type', rule: 'delete' },
  {
    table: 'block_schema_reference',
    column: 'parent_block_schema_id',
    to: 'block_schema',
    rule: 'delete',
  },
  {
    table: 'block_schema_reference',
    column: 'reference_block_schema_id',
    to: 'block_schema',
    rule: 'delete',
  },
  {
    table: 'block_document_reference',
    column: 'parent_block_document_id',
    to: 'block_document',
    rule: 'delete',
  },
  {
    table: 'block_document_reference',
    column: 'reference_block_document_id',
    to: 'block_document',
    rule: 'delete',
  },
  { table: 'work_queue', column: 'work_pool_id', to: 'work_pool', rule: 'delete' },
  { table: 'worker', column: 'work_pool_id', to: 'work_pool', rule: 'delete' },
  { table: 'work_pool', column: 'default_queue_id', to: 'work_queue', rule: 'null' },
  { table: 'mintaka_answered_request', column: 'run_id', to: 'flow_run', rule: 'delete' },
  { table: 'mintaka_answered_request', column: 'run_id', to: 'task_run', rule: 'delete' },
  { table: 'mintaka_former_secret', column: 'block_document_id', to: 'block_document', rule: 'delete' },
  { table: 'mintaka_waiting_retry', column: 'run_id', to: 'flow_run', rule: 'delete' },
  { table: 'mintaka_claimed_run', column: 'run_id', to: 'flow_run', rule: 'delete' },
];
