import { identity } from './columns.ts';

/** Records of runs: logs and artifacts. */
export const records = `
CREATE TABLE log (
  ${identity},
  name VARCHAR NOT NULL,
  level SMALLINT NOT NULL,
  flow_run_id UUID NOT NULL,
  task_run_id UUID,
  message TEXT NOT NULL,
  timestamp TIMESTAMPTZ NOT NULL,
  CONSTRAINT pk_log PRIMARY KEY (id)
);
CREATE INDEX ix_log__flow_run_id ON log (flow_run_id);
CREATE INDEX ix_log__level ON log (level);
CREATE INDEX ix_log__task_run_id ON log (task_run_id);
CREATE INDEX ix_log__timestamp ON log (timestamp);
CREATE INDEX ix_log__updated ON log (updated);

CREATE TABLE artifact (
  ${identity},
  key VARCHAR,
  type VARCHAR,
  data JSON,
  metadata_ JSON,
  task_run_id UUID,
  flow_run_id UUID,
  CONSTRAINT pk_artifact PRIMARY KEY (id)
);
CREATE INDEX ix_artifact__flow_run_id ON artifact (flow_run_id);
CREATE UNIQUE INDEX ix_artifact__key ON artifact (key);
CREATE INDEX ix_artifact__task_run_id ON artifact (task_run_id);
CREATE INDEX ix_artifact__updated ON artifact (updated);
`;
