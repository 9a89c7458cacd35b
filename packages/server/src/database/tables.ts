import type { JsonText, StateType, Timestamp } from '@mintaka/contract';
import type { ColumnType, Generated } from 'kysely';

/**
 * The rows of Prefect 2.8.0's tables, and of our own (`mintaka_`), as returned by sessions: JSON as text, booleans as true or
 * false, timestamps in canonical form, intervals as seconds. Write a JSON column with `storedJson(value)`, an interval with
 * `bindings.interval(seconds)`.
 */
export type Tables = {
  agent: AgentTable;
  artifact: ArtifactTable;
  block_document: BlockDocumentTable;
  block_document_reference: BlockDocumentReferenceTable;
  block_schema: BlockSchemaTable;
  block_schema_reference: BlockSchemaReferenceTable;
  block_type: BlockTypeTable;
  concurrency_limit: ConcurrencyLimitTable;
  configuration: ConfigurationTable;
  deployment: DeploymentTable;
  flow: FlowTable;
  flow_run: FlowRunTable;
  flow_run_notification_policy: NotificationPolicyTable;
  flow_run_notification_queue: NotificationQueueTable;
  flow_run_state: FlowRunStateTable;
  log: LogTable;
  saved_search: SavedSearchTable;
  task_run: TaskRunTable;
  task_run_state: TaskRunStateTable;
  task_run_state_cache: TaskRunStateCacheTable;
  work_pool: WorkPoolTable;
  work_queue: WorkQueueTable;
  worker: WorkerTable;
  mintaka_answered_request: AnsweredRequestTable;
  mintaka_claimed_run: ClaimedRunTable;
  mintaka_deletion: DeletionTable;
  mintaka_former_secret: FormerSecretTable;
  mintaka_lost_answer: LostAnswerTable;
  mintaka_operation_list: OperationListTable;
  mintaka_probe: ProbeTable;
  mintaka_waiting_retry: WaitingRetryTable;
};

/** A JSON column: {@link JsonText} when read, its text when written. */
export type Json = ColumnType<JsonText, string, string>;
/** A JSON column that may be NULL. */
export type NullableJson = ColumnType<JsonText | null, string | null, string | null>;
/** A duration column: seconds when read, the dialect's own form (`bindings.interval`) when written. */
export type Interval = ColumnType<number, string | undefined, string>;

/** A column with a default that a client may set to NULL; the database refuses that. */
export type NeverNull<Value> = ColumnType<Value, Value | null | undefined, Value | null>;

/** The common columns of every table: `id`, `created` and `updated`, filled by the database by default. */
export type Identity = {
  id: Generated<string>;
  created: Generated<Timestamp>;
  updated: Generated<Timestamp>;
};

type AgentTable = Identity & {
  name: string;
  last_activity_time: Generated<Timestamp>;
  work_queue_id: string;
};

type ArtifactTable = Identity & {
  key: string | null;
  type: string | null;
  data: NullableJson;
  metadata_: NullableJson;
  task_run_id: string | null;
  flow_run_id: string | null;
};

type BlockDocumentTable = Identity & {
  name: string;
  data: Json;
  block_schema_id: string;
  block_type_id: string;
  is_anonymous: boolean;
};

type BlockDocumentReferenceTable = Identity & {
  name: string;
  parent_block_document_id: string;
  reference_block_document_id: string;
};

type BlockSchemaTable = Identity & {
  fields: Json;
  block_type_id: string;
  checksum: string;
  capabilities: Json;
  version: Generated<string>;
};

type BlockSchemaReferenceTable = Identity & {
  name: string;
  parent_block_schema_id: string;
  reference_block_schema_id: string;
};

type BlockTypeTable = Identity & {
  name: string;
  logo_url: string | null;
  documentation_url: string | null;
  description: string | null;
  code_example: string | null;
  is_protected: Generated<boolean>;
  slug: string;
};

type ConcurrencyLimitTable = Identity & { tag: string; concurrency_limit: number; active_slots: Json };

type ConfigurationTable = Identity & { key: string; value: Json };

type DeploymentTable = Identity & {
  name: string;
  schedule: NullableJson;
  is_schedule_active: Generated<boolean>;
  tags: Json;
  parameters: Json;
  flow_data: NullableJson;
  flow_id: string;
  description: string | null;
  infrastructure_document_id: string | null;
  manifest_path: string | null;
  parameter_openapi_schema: NullableJson;
  storage_document_id: string | null;
  version: string | null;
  infra_overrides: Json;
  path: string | null;
  entrypoint: string | null;
  work_queue_name: string | null;
  created_by: NullableJson;
  updated_by: NullableJson;
  work_queue_id: string | null;
};

type FlowTable = Identity & { name: string; tags: Json };

/** The common columns of flow runs and task runs: their state and times. */
export type RunColumns = Identity & {
  /** A client may send NULL; the database refuses it. */
  name: ColumnType<string, string, string | null>;
  state_id: string | null;
  state_type: StateType | null;
  state_name: string | null;
  state_timestamp: Timestamp | null;
  run_count: Generated<number>;
  expected_start_time: Timestamp | null;
  next_scheduled_start_time: Timestamp | null;
  start_time: Timestamp | null;
  end_time: Timestamp | null;
  total_run_time: Interval;
  empirical_policy: Json;
  tags: Json;
};

type FlowRunTable = RunColumns & {
  flow_version: string | null;
  parameters: Json;
  idempotency_key: string | null;
  context: Json;
  auto_scheduled: Generated<boolean>;
  flow_id: string;
  deployment_id: string | null;
  parent_task_run_id: string | null;
  infrastructure_document_id: string | null;
  infrastructure_pid: string | null;
  work_queue_name: string | null;
  work_queue_id: string | null;
  created_by: NullableJson;
};

type TaskRunTable = RunColumns & {
  task_key: string;
  dynamic_key: string;
  cache_key: string | null;
  cache_expiration: Timestamp | null;
  task_version: string | null;
  task_inputs: Json;
  flow_run_id: string;
  flow_run_run_count: Generated<number>;
};

type StateColumns = Identity & {
  type: StateType;
  timestamp: Timestamp;
  name: string;
  message: string | null;
  state_details: Json;
  /** Written by releases before results became artifacts; still read. */
  data: NullableJson;
  result_artifact_id: string | null;
};

type FlowRunStateTable = StateColumns & { flow_run_id: string };

type TaskRunStateTable = StateColumns & { task_run_id: string };

type TaskRunStateCacheTable = Identity & {
  cache_key: string;
  cache_expiration: Timestamp | null;
  task_run_state_id: string;
};

type NotificationPolicyTable = Identity & {
  is_active: Generated<boolean>;
  state_names: Json;
  tags: Json;
  message_template: string | null;
  block_document_id: string;
};

type NotificationQueueTable = Identity & {
  flow_run_notification_policy_id: string;
  flow_run_state_id: string;
};

type LogTable = Identity & {
  name: string;
  level: number;
  flow_run_id: string;
  task_run_id: string | null;
  message: string;
  timestamp: Timestamp;
};

type SavedSearchTable = Identity & { name: string; filters: Json };

type WorkPoolTable = Identity & {
  name: string;
  description: string | null;
  type: string;
  base_job_template: ColumnType<JsonText, string | undefined, string | null>;
  is_paused: NeverNull<boolean>;
  concurrency_limit: number | null;
  default_queue_id: string | null;
};

type WorkQueueTable = Identity & {
  name: string;
  filter: NullableJson;
  description: NeverNull<string>;
  is_paused: NeverNull<boolean>;
  concurrency_limit: number | null;
  last_polled: Timestamp | null;
  priority: NeverNull<number>;
  work_pool_id: string;
};

type WorkerTable = Identity & {
  name: string;
  last_heartbeat_time: Generated<Timestamp>;
  work_pool_id: string;
};

/** A row that a server writes to check that it can. */
type ProbeTable = { id: number; written: Timestamp };

/** The answer to the last request about a run, in case it is repeated. */
type AnsweredRequestTable = {
  run_id: string;
  state_id: string;
  request_id: string | null;
  fingerprint: string;
  answer_lost: boolean;
  status: string;
  details: Json;
  answered: Timestamp;
};

/** An answer that never reached its client. */
type LostAnswerTable = {
  id: string;
  /** Identifies the request. */
  fingerprint: string;
  status: number;
  /** The text of the answer; null without a body. */
  body: string | null;
  answered: Timestamp;
};

/** A list of operations that ran in one transaction. */
type OperationListTable = {
  id: string;
  /** A hash of its request. */
  fingerprint: string;
  /** The results as JSON; null until the end of the transaction. */
  answer: string | null;
  answered: Timestamp;
};

/** A flow run that a worker claimed. */
type ClaimedRunTable = {
  run_id: string;
  claim_id: string;
  /** The state that the claim gave it. */
  state_id: string;
  /** The pool and the queue that it waited in. */
  work_pool_id: string;
  work_queue_id: string;
  /** Its place among the runs of the claim. */
  place: number;
  /** When the claim was last requested. */
  requested: Timestamp;
  /** When it turned out that the worker did not receive the answer; null if it did, as far as is known. */
  lost: Timestamp | null;
};

/** A requested deletion that takes more than one transaction. */
type DeletionTable = {
  kind: string;
  /** The id of the target; empty for the whole database. */
  target_id: string;
  asked: Timestamp;
  /** When a server last worked on it. */
  worked: Timestamp;
};

/**
 * The fields of a block document that were secret in a former schema of it: lists of steps, see
 * `domain/blocks/secret-paths.ts`.
 */
type FormerSecretTable = {
  block_document_id: string;
  paths: Json;
};

type WaitingRetryTable = {
  run_id: string;
  due: Timestamp;
};
