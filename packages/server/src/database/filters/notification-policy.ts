import type { FlowRunNotificationPolicyFilter } from '@mintaka/contract';
import { type Condition, combine, isFlagged, type Loose } from './conditions.ts';

/** Criteria for notification policies. */
export type NotificationPolicyCriteria = Loose<FlowRunNotificationPolicyFilter>;

/** The condition of a filter on a row of `flow_run_notification_policy`. */
export function notificationPolicyWhere(filter: NotificationPolicyCriteria): Condition {
  return combine('and_', [isFlagged('flow_run_notification_policy.is_active', filter.is_active)]);
}
