import { identity } from './columns.ts';

/** Flows and their deployments. */
export const flows = `
CREATE TABLE flow (
  ${identity},
  name VARCHAR NOT NULL,
  tags JSONB DEFAULT '[]' NOT NULL,
  CONSTRAINT pk_flow PRIMARY KEY (id),
  CONSTRAINT uq_flow__name UNIQUE (name)
);
CREATE INDEX ix_flow__created ON flow (created);
CREATE INDEX ix_flow__updated ON flow (updated);
CREATE INDEX trgm_ix_flow_name ON flow USING gin (name gin_trgm_ops);

CREATE TABLE deployment (
  ${identity},
  name VARCHAR NOT NULL,
  schedule JSONB,
  is_schedule_active BOOLEAN DEFAULT true NOT NULL,
  tags JSONB DEFAULT '[]' NOT NULL,
  parameters JSONB DEFAULT '{}' NOT NULL,
  flow_data JSONB,
  flow_id UUID NOT NULL,
  infrastructure_document_id UUID,
  description TEXT,
  manifest_path VARCHAR,
  parameter_openapi_schema JSONB,
  storage_document_id UUID,
  version VARCHAR,
  infra_overrides JSONB DEFAULT '{}' NOT NULL,
  path VARCHAR,
  entrypoint VARCHAR,
  work_queue_name VARCHAR,
  created_by JSONB,
  updated_by JSONB,
  work_queue_id UUID,
  CONSTRAINT pk_deployment PRIMARY KEY (id)
);
CREATE INDEX ix_deployment__created ON deployment (created);
CREATE INDEX ix_deployment__flow_id ON deployment (flow_id);
CREATE INDEX ix_deployment__updated ON deployment (updated);
CREATE INDEX ix_deployment__work_queue_id ON deployment (work_queue_id);
CREATE INDEX ix_deployment__work_queue_name ON deployment (work_queue_name);
CREATE INDEX trgm_ix_deployment_name ON deployment USING gin (name gin_trgm_ops);
CREATE UNIQUE INDEX uq_deployment__flow_id_name ON deployment (flow_id, name);
`;
