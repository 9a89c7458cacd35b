import type { FlowRunNotificationPolicy } from '@mintaka/contract';
import type { Selectable } from 'kysely';
import type { Tables } from '../tables.ts';
import { textsOf } from './values.ts';

export type { FlowRunNotificationPolicy as NotificationPolicyResponse } from '@mintaka/contract';

/** A notification policy in the API's form. */
export function notificationPolicyFromRow(
  row: Selectable<Tables['flow_run_notification_policy']>,
): FlowRunNotificationPolicy {
  return {
    id: row.id,
    created: row.created,
    updated: row.updated,
    is_active: row.is_active,
    state_names: textsOf(row.state_names),
    tags: textsOf(row.tags),
    block_document_id: row.block_document_id,
    message_template: row.message_template,
  };
}
