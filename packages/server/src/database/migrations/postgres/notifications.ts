import { identity } from './columns.ts';

/** Notification policies, and the queue of notifications. */
export const notifications = `
CREATE TABLE flow_run_notification_policy (
  ${identity},
  is_active BOOLEAN DEFAULT true NOT NULL,
  state_names JSONB DEFAULT '[]' NOT NULL,
  tags JSONB DEFAULT '[]' NOT NULL,
  message_template VARCHAR,
  block_document_id UUID NOT NULL,
  CONSTRAINT pk_flow_run_notification_policy PRIMARY KEY (id)
);
CREATE INDEX ix_flow_run_notification_policy__updated ON flow_run_notification_policy (updated);

CREATE TABLE flow_run_notification_queue (
  ${identity},
  flow_run_notification_policy_id UUID NOT NULL,
  flow_run_state_id UUID NOT NULL,
  CONSTRAINT pk_flow_run_notification_queue PRIMARY KEY (id)
);
CREATE INDEX ix_flow_run_notification_queue__updated ON flow_run_notification_queue (updated);
`;
