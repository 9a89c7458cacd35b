import { identity } from './columns.ts';

/** Work pools, their queues, agents and workers. */
export const work = `
CREATE TABLE work_pool (
  ${identity},
  name VARCHAR NOT NULL,
  description VARCHAR,
  type VARCHAR NOT NULL,
  base_job_template JSONB DEFAULT '{}' NOT NULL,
  is_paused BOOLEAN DEFAULT false NOT NULL,
  concurrency_limit INTEGER,
  default_queue_id UUID,
  CONSTRAINT pk_work_pool PRIMARY KEY (id),
  CONSTRAINT uq_work_pool__name UNIQUE (name)
);
CREATE INDEX ix_work_pool__type ON work_pool (type);
CREATE INDEX ix_work_pool__updated ON work_pool (updated);

CREATE TABLE work_queue (
  ${identity},
  name VARCHAR NOT NULL,
  filter JSONB,
  description VARCHAR DEFAULT '' NOT NULL,
  is_paused BOOLEAN DEFAULT false NOT NULL,
  concurrency_limit INTEGER,
  last_polled TIMESTAMPTZ,
  priority INTEGER DEFAULT 1 NOT NULL,
  work_pool_id UUID NOT NULL,
  CONSTRAINT pk_work_queue PRIMARY KEY (id),
  CONSTRAINT uq_work_queue__work_pool_id_name UNIQUE (work_pool_id, name)
);
CREATE INDEX ix_work_queue__updated ON work_queue (updated);
CREATE INDEX ix_work_queue__work_pool_id ON work_queue (work_pool_id);
CREATE INDEX ix_work_queue__work_pool_id_priority ON work_queue (work_pool_id, priority);
CREATE INDEX trgm_ix_work_queue_name ON work_queue USING gin (name gin_trgm_ops);

CREATE TABLE worker (
  ${identity},
  name VARCHAR NOT NULL,
  last_heartbeat_time TIMESTAMPTZ DEFAULT CURRENT_TIMESTAMP NOT NULL,
  work_pool_id UUID NOT NULL,
  CONSTRAINT pk_worker PRIMARY KEY (id),
  CONSTRAINT uq_worker__work_pool_id_name UNIQUE (work_pool_id, name)
);
CREATE INDEX ix_worker__updated ON worker (updated);
CREATE INDEX ix_worker__work_pool_id ON worker (work_pool_id);
CREATE INDEX ix_worker__work_pool_id_last_heartbeat_time ON worker (work_pool_id, last_heartbeat_time);

CREATE TABLE agent (
  ${identity},
  name VARCHAR NOT NULL,
  last_activity_time TIMESTAMPTZ DEFAULT CURRENT_TIMESTAMP NOT NULL,
  work_queue_id UUID NOT NULL,
  CONSTRAINT pk_agent PRIMARY KEY (id),
  CONSTRAINT uq_agent__name UNIQUE (name)
);
CREATE INDEX ix_agent__updated ON agent (updated);
CREATE INDEX ix_agent__work_queue_id ON agent (work_queue_id);
`;
