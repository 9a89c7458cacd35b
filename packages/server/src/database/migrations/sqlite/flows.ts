import { identity } from './columns.ts';

/** Flows and their deployments. */
export const flows = `
CREATE TABLE flow (
  ${identity},
  name VARCHAR NOT NULL,
  tags JSON DEFAULT '[]' NOT NULL,
  CONSTRAINT pk_flow PRIMARY KEY (id),
  CONSTRAINT uq_flow__name UNIQUE (name)
);
CREATE INDEX ix_flow__created ON flow (created);
CREATE INDEX ix_flow__updated ON flow (updated);
CREATE INDEX ix_flow_name_case_insensitive ON flow (name COLLATE NOCASE);

CREATE TABLE deployment (
  ${identity},
  name VARCHAR NOT NULL,
  schedule JSON,
  is_schedule_active BOOLEAN DEFAULT '1' NOT NULL,
  tags JSON DEFAULT '[]' NOT NULL,
  parameters JSON DEFAULT '{}' NOT NULL,
  flow_data JSON,
  flow_id CHAR(36) NOT NULL,
  description TEXT,
  infrastructure_document_id CHAR(36),
  manifest_path VARCHAR,
  parameter_openapi_schema JSON,
  storage_document_id CHAR(36),
  version VARCHAR,
  infra_overrides JSON DEFAULT '{}' NOT NULL,
  path VARCHAR,
  entrypoint VARCHAR,
  work_queue_name VARCHAR,
  created_by JSON,
  updated_by JSON,
  work_queue_id CHAR(36),
  CONSTRAINT pk_deployment PRIMARY KEY (id),
  CONSTRAINT fk_deployment__storage_document_id__block_document FOREIGN KEY (storage_document_id) REFERENCES block_document (id) ON DELETE CASCADE,
  CONSTRAINT fk_deployment__flow_id__flow FOREIGN KEY (flow_id) REFERENCES flow (id) ON DELETE CASCADE,
  CONSTRAINT fk_deployment__infrastructure_document_id__block_document FOREIGN KEY (infrastructure_document_id) REFERENCES block_document (id) ON DELETE CASCADE,
  CONSTRAINT fk_deployment__work_queue_id__work_queue FOREIGN KEY (work_queue_id) REFERENCES work_queue (id) ON DELETE SET NULL
);
CREATE INDEX ix_deployment__created ON deployment (created);
CREATE INDEX ix_deployment__flow_id ON deployment (flow_id);
CREATE INDEX ix_deployment__updated ON deployment (updated);
CREATE INDEX ix_deployment__work_queue_id ON deployment (work_queue_id);
CREATE INDEX ix_deployment__work_queue_name ON deployment (work_queue_name);
CREATE INDEX ix_deployment_name_case_insensitive ON deployment (name);
CREATE UNIQUE INDEX uq_deployment__flow_id_name ON deployment (flow_id, name);
`;
