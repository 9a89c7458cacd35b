import { identity } from './columns.ts';

/** Notification policies, and the queue of notifications. */
export const notifications = `
CREATE TABLE flow_run_notification_policy (
  ${identity},
  is_active BOOLEAN DEFAULT '1' NOT NULL,
  state_names JSON DEFAULT '[]' NOT NULL,
  tags JSON DEFAULT '[]' NOT NULL,
  message_template VARCHAR,
  block_document_id CHAR(36) NOT NULL,
  CONSTRAINT pk_flow_run_notification_policy PRIMARY KEY (id),
  CONSTRAINT fk_flow_run_alert_policy__block_document_id__block_document FOREIGN KEY (block_document_id) REFERENCES block_document (id) ON DELETE CASCADE
);
CREATE INDEX ix_flow_run_notification_policy__updated ON flow_run_notification_policy (updated);

CREATE TABLE flow_run_notification_queue (
  ${identity},
  flow_run_notification_policy_id CHAR(36) NOT NULL,
  flow_run_state_id CHAR(36) NOT NULL,
  CONSTRAINT pk_flow_run_notification_queue PRIMARY KEY (id)
);
CREATE INDEX ix_flow_run_notification_queue__updated ON flow_run_notification_queue (updated);
`;
