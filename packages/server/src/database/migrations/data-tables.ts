/** The tables of the reference except `alembic_version`. */
export const dataTables = [
  'agent',
  'artifact',
  'block_document',
  'block_document_reference',
  'block_schema',
  'block_schema_reference',
  'block_type',
  'concurrency_limit',
  'configuration',
  'deployment',
  'flow',
  'flow_run',
  'flow_run_notification_policy',
  'flow_run_notification_queue',
  'flow_run_state',
  'log',
  'saved_search',
  'task_run',
  'task_run_state',
  'task_run_state_cache',
  'work_pool',
  'work_queue',
  'worker',
] as const;

/** Our own tables. */
export const ownTables = [
  'mintaka_answered_request',
  'mintaka_change',
  'mintaka_claimed_run',
  'mintaka_deletion',
  'mintaka_former_secret',
  'mintaka_lost_answer',
  'mintaka_migration',
  'mintaka_probe',
  'mintaka_waiting_retry',
] as const;
