import type { DeletableTable, ReferenceColumn } from '../../database/dialects/deletion.ts';

/**
 * What happens to rows whose column refers to a deleted row:
 * - `cascade`: they are deleted too; a foreign key deletes those that still exist.
 * - `delete`: they are deleted too, without a foreign key.
 * - `detach`: they stay and lose the reference.
 */
export type Rule = 'cascade' | 'delete' | 'detach';

/** A column that refers to rows of a table, and what happens to its rows when those are deleted. */
export type Relation = ReferenceColumn & { readonly rule: Rule };

/**
 * The relations of each table. Rows that requests lock (runs, deployments) come first: a row with a locked one below it must
 * wait, and then nothing else of it is read. References from at most one row are left to the foreign key: a run's to its
 * current state, a state's to its result.
 */
export const relationsOf: Readonly<Partial<Record<DeletableTable, readonly Relation[]>>> = {
  flow: [
    { table: 'flow_run', column: 'flow_id', rule: 'cascade' },
    { table: 'deployment', column: 'flow_id', rule: 'cascade' },
  ],
  deployment: [{ table: 'flow_run', column: 'deployment_id', rule: 'detach' }],
  flow_run: [
    { table: 'task_run', column: 'flow_run_id', rule: 'cascade' },
    { table: 'log', column: 'flow_run_id', rule: 'delete' },
    { table: 'artifact', column: 'flow_run_id', rule: 'delete' },
    { table: 'mintaka_answered_request', column: 'run_id', rule: 'delete' },
    { table: 'mintaka_waiting_retry', column: 'run_id', rule: 'delete' },
    { table: 'mintaka_claimed_run', column: 'run_id', rule: 'delete' },
    { table: 'flow_run_state', column: 'flow_run_id', rule: 'cascade' },
  ],
  flow_run_state: [{ table: 'flow_run_notification_queue', column: 'flow_run_state_id', rule: 'delete' }],
  task_run: [
    { table: 'flow_run', column: 'parent_task_run_id', rule: 'detach' },
    { table: 'log', column: 'task_run_id', rule: 'delete' },
    { table: 'artifact', column: 'task_run_id', rule: 'delete' },
    { table: 'mintaka_answered_request', column: 'run_id', rule: 'delete' },
    { table: 'task_run_state', column: 'task_run_id', rule: 'cascade' },
  ],
  task_run_state: [{ table: 'task_run_state_cache', column: 'task_run_state_id', rule: 'delete' }],
  work_pool: [
    { table: 'work_queue', column: 'work_pool_id', rule: 'cascade' },
    { table: 'worker', column: 'work_pool_id', rule: 'cascade' },
  ],
  work_queue: [
    { table: 'flow_run', column: 'work_queue_id', rule: 'detach' },
    { table: 'deployment', column: 'work_queue_id', rule: 'detach' },
    { table: 'work_pool', column: 'default_queue_id', rule: 'detach' },
  ],
  block_type: [
    { table: 'block_document', column: 'block_type_id', rule: 'cascade' },
    { table: 'block_schema', column: 'block_type_id', rule: 'cascade' },
  ],
  block_schema: [
    { table: 'block_document', column: 'block_schema_id', rule: 'cascade' },
    { table: 'block_schema_reference', column: 'parent_block_schema_id', rule: 'cascade' },
    { table: 'block_schema_reference', column: 'reference_block_schema_id', rule: 'cascade' },
  ],
  // The foreign keys would delete the deployments and the runs.
  block_document: [
    { table: 'flow_run', column: 'infrastructure_document_id', rule: 'detach' },
    { table: 'deployment', column: 'infrastructure_document_id', rule: 'detach' },
    { table: 'deployment', column: 'storage_document_id', rule: 'detach' },
    { table: 'flow_run_notification_policy', column: 'block_document_id', rule: 'cascade' },
    { table: 'block_document_reference', column: 'parent_block_document_id', rule: 'cascade' },
    { table: 'block_document_reference', column: 'reference_block_document_id', rule: 'cascade' },
    { table: 'mintaka_former_secret', column: 'block_document_id', rule: 'delete' },
  ],
  flow_run_notification_policy: [
    { table: 'flow_run_notification_queue', column: 'flow_run_notification_policy_id', rule: 'delete' },
  ],
};

/** The tables whose rows are locked by requests and loops. */
const locked: ReadonlySet<DeletableTable> = new Set(['flow_run', 'task_run', 'deployment']);

/** Whether rows of this table may be locked for the duration of another transaction. */
export function mayBeLocked(table: DeletableTable): boolean {
  return locked.has(table);
}

/** The cost of deleting or detaching a row relative to a log line: rows of runs are in two dozen indexes. */
export function costOf(table: DeletableTable): number {
  switch (table) {
    case 'flow_run':
      return 5;
    case 'task_run':
      return 4;
    default:
      return 1;
  }
}

/** The typical cost of deleting a row with everything below it: a first estimate of how many fit into one transaction. */
export function usualCostOf(table: DeletableTable): number {
  switch (table) {
    case 'flow_run':
    case 'task_run':
      return costOf(table) + 3;
    default:
      return relationsOf[table] === undefined ? 1 : 3;
  }
}

/** All tables, those that refer to others first: the order for deleting the whole database. */
export const tablesInOrder: readonly DeletableTable[] = [
  'flow_run',
  'task_run',
  'deployment',
  'flow',
  'agent',
  'worker',
  'work_queue',
  'work_pool',
  'flow_run_notification_policy',
  'block_document_reference',
  'block_document',
  'block_schema_reference',
  'block_schema',
  'block_type',
  'flow_run_state',
  'task_run_state',
  'flow_run_notification_queue',
  'task_run_state_cache',
  'artifact',
  'log',
  'concurrency_limit',
  'saved_search',
  'configuration',
  'mintaka_answered_request',
  'mintaka_claimed_run',
  'mintaka_former_secret',
  'mintaka_lost_answer',
  'mintaka_operation_list',
  'mintaka_waiting_retry',
];
