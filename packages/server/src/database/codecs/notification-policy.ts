import { type FlowRunNotificationPolicy, wireTimestamp } from '@mintaka/contract';
import type { Selectable } from 'kysely';
import type { Tables } from '../tables.ts';
import { texts } from './values.ts';

export type { FlowRunNotificationPolicy as NotificationPolicyResponse } from '@mintaka/contract';

/** A notification policy as the API answers it. */
export function notificationPolicyFromRow(
  row: Selectable<Tables['flow_run_notification_policy']>,
): FlowRunNotificationPolicy {
  return {
    id: row.id,
    created: wireTimestamp(row.created),
    updated: wireTimestamp(row.updated),
    is_active: row.is_active,
    state_names: texts(row.state_names),
    tags: texts(row.tags),
    block_document_id: row.block_document_id,
    message_template: row.message_template,
  };
}
