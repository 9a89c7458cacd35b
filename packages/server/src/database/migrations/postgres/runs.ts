import { identity } from './columns.ts';

/** Flow runs, task runs and their states. */
export const runs = `
CREATE TABLE flow_run (
  ${identity},
  name VARCHAR NOT NULL,
  state_type state_type,
  run_count INTEGER DEFAULT 0 NOT NULL,
  expected_start_time TIMESTAMPTZ,
  next_scheduled_start_time TIMESTAMPTZ,
  start_time TIMESTAMPTZ,
  end_time TIMESTAMPTZ,
  total_run_time INTERVAL DEFAULT '0' NOT NULL,
  flow_version VARCHAR,
  parameters JSONB DEFAULT '{}' NOT NULL,
  idempotency_key VARCHAR,
  context JSONB DEFAULT '{}' NOT NULL,
  empirical_policy JSONB DEFAULT '{}' NOT NULL,
  tags JSONB DEFAULT '[]' NOT NULL,
  auto_scheduled BOOLEAN DEFAULT false NOT NULL,
  flow_id UUID NOT NULL,
  deployment_id UUID,
  parent_task_run_id UUID,
  state_id UUID,
  state_name VARCHAR,
  infrastructure_document_id UUID,
  work_queue_name VARCHAR,
  state_timestamp TIMESTAMPTZ,
  created_by JSONB,
  infrastructure_pid VARCHAR,
  work_queue_id UUID,
  CONSTRAINT pk_flow_run PRIMARY KEY (id)
);
CREATE INDEX ix_flow_run__coalesce_start_time_expected_start_time_asc ON flow_run (COALESCE(start_time, expected_start_time));
CREATE INDEX ix_flow_run__coalesce_start_time_expected_start_time_desc ON flow_run (COALESCE(start_time, expected_start_time) DESC);
CREATE INDEX ix_flow_run__deployment_id ON flow_run (deployment_id);
CREATE INDEX ix_flow_run__end_time_desc ON flow_run (end_time DESC);
CREATE INDEX ix_flow_run__expected_start_time_desc ON flow_run (expected_start_time DESC);
CREATE INDEX ix_flow_run__flow_id ON flow_run (flow_id);
CREATE INDEX ix_flow_run__flow_version ON flow_run (flow_version);
CREATE INDEX ix_flow_run__infrastructure_document_id ON flow_run (infrastructure_document_id);
CREATE INDEX ix_flow_run__name ON flow_run (name);
CREATE INDEX ix_flow_run__next_scheduled_start_time_asc ON flow_run (next_scheduled_start_time);
CREATE INDEX ix_flow_run__parent_task_run_id ON flow_run (parent_task_run_id);
CREATE INDEX ix_flow_run__scheduler_deployment_id_auto_scheduled_next_schedu ON flow_run (deployment_id, auto_scheduled, next_scheduled_start_time) WHERE state_type = 'SCHEDULED';
CREATE INDEX ix_flow_run__start_time ON flow_run (start_time);
CREATE INDEX ix_flow_run__state_id ON flow_run (state_id);
CREATE INDEX ix_flow_run__state_name ON flow_run (state_name);
CREATE INDEX ix_flow_run__state_timestamp ON flow_run (state_timestamp);
CREATE INDEX ix_flow_run__state_type ON flow_run (state_type);
CREATE INDEX ix_flow_run__updated ON flow_run (updated);
CREATE INDEX ix_flow_run__work_queue_id ON flow_run (work_queue_id);
CREATE INDEX ix_flow_run__work_queue_name ON flow_run (work_queue_name);
CREATE INDEX trgm_ix_flow_run_name ON flow_run USING gin (name gin_trgm_ops);
CREATE UNIQUE INDEX uq_flow_run__flow_id_idempotency_key ON flow_run (flow_id, idempotency_key);

CREATE TABLE flow_run_state (
  ${identity},
  type state_type NOT NULL,
  timestamp TIMESTAMPTZ DEFAULT CURRENT_TIMESTAMP NOT NULL,
  name VARCHAR NOT NULL,
  message VARCHAR,
  state_details JSONB DEFAULT '{}' NOT NULL,
  data JSONB,
  flow_run_id UUID NOT NULL,
  result_artifact_id UUID,
  CONSTRAINT pk_flow_run_state PRIMARY KEY (id)
);
CREATE INDEX ix_flow_run_state__name ON flow_run_state (name);
CREATE INDEX ix_flow_run_state__result_artifact_id ON flow_run_state (result_artifact_id);
CREATE INDEX ix_flow_run_state__type ON flow_run_state (type);
CREATE INDEX ix_flow_run_state__updated ON flow_run_state (updated);
CREATE UNIQUE INDEX uq_flow_run_state__flow_run_id_timestamp_desc ON flow_run_state (flow_run_id, timestamp DESC);

CREATE TABLE task_run (
  ${identity},
  name VARCHAR NOT NULL,
  state_type state_type,
  run_count INTEGER DEFAULT 0 NOT NULL,
  expected_start_time TIMESTAMPTZ,
  next_scheduled_start_time TIMESTAMPTZ,
  start_time TIMESTAMPTZ,
  end_time TIMESTAMPTZ,
  total_run_time INTERVAL DEFAULT '0' NOT NULL,
  task_key VARCHAR NOT NULL,
  dynamic_key VARCHAR NOT NULL,
  cache_key VARCHAR,
  cache_expiration TIMESTAMPTZ,
  task_version VARCHAR,
  empirical_policy JSONB DEFAULT '{}' NOT NULL,
  task_inputs JSONB DEFAULT '{}' NOT NULL,
  tags JSONB DEFAULT '[]' NOT NULL,
  flow_run_id UUID NOT NULL,
  state_id UUID,
  state_name VARCHAR,
  state_timestamp TIMESTAMPTZ,
  flow_run_run_count INTEGER DEFAULT 0 NOT NULL,
  CONSTRAINT pk_task_run PRIMARY KEY (id)
);
CREATE INDEX ix_task_run__end_time_desc ON task_run (end_time DESC);
CREATE INDEX ix_task_run__expected_start_time_desc ON task_run (expected_start_time DESC);
CREATE INDEX ix_task_run__flow_run_id ON task_run (flow_run_id);
CREATE INDEX ix_task_run__name ON task_run (name);
CREATE INDEX ix_task_run__next_scheduled_start_time_asc ON task_run (next_scheduled_start_time);
CREATE INDEX ix_task_run__start_time ON task_run (start_time);
CREATE INDEX ix_task_run__state_id ON task_run (state_id);
CREATE INDEX ix_task_run__state_name ON task_run (state_name);
CREATE INDEX ix_task_run__state_timestamp ON task_run (state_timestamp);
CREATE INDEX ix_task_run__state_type ON task_run (state_type);
CREATE INDEX ix_task_run__updated ON task_run (updated);
CREATE INDEX trgm_ix_task_run_name ON task_run USING gin (name gin_trgm_ops);
CREATE UNIQUE INDEX uq_task_run__flow_run_id_task_key_dynamic_key ON task_run (flow_run_id, task_key, dynamic_key);

CREATE TABLE task_run_state (
  ${identity},
  type state_type NOT NULL,
  timestamp TIMESTAMPTZ DEFAULT CURRENT_TIMESTAMP NOT NULL,
  name VARCHAR NOT NULL,
  message VARCHAR,
  state_details JSONB DEFAULT '{}' NOT NULL,
  data JSONB,
  task_run_id UUID NOT NULL,
  result_artifact_id UUID,
  CONSTRAINT pk_task_run_state PRIMARY KEY (id)
);
CREATE INDEX ix_task_run_state__name ON task_run_state (name);
CREATE INDEX ix_task_run_state__result_artifact_id ON task_run_state (result_artifact_id);
CREATE INDEX ix_task_run_state__type ON task_run_state (type);
CREATE INDEX ix_task_run_state__updated ON task_run_state (updated);
CREATE UNIQUE INDEX uq_task_run_state__task_run_id_timestamp_desc ON task_run_state (task_run_id, timestamp DESC);

CREATE TABLE task_run_state_cache (
  ${identity},
  cache_key VARCHAR NOT NULL,
  cache_expiration TIMESTAMPTZ,
  task_run_state_id UUID NOT NULL,
  CONSTRAINT pk_task_run_state_cache PRIMARY KEY (id)
);
CREATE INDEX ix_task_run_state_cache__cache_key_created_desc ON task_run_state_cache (cache_key, created DESC);
CREATE INDEX ix_task_run_state_cache__updated ON task_run_state_cache (updated);
`;
