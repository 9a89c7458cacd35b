import { type Condition, combine, type FlagFilter, isFlagged } from './conditions.ts';

/** Criteria for notification policies. */
export type NotificationPolicyCriteria = { readonly is_active?: FlagFilter | null | undefined };

/** What a filter says about a row of `flow_run_notification_policy`. */
export function notificationPolicyWhere(filter: NotificationPolicyCriteria): Condition {
  return combine('and_', [isFlagged('flow_run_notification_policy.is_active', filter.is_active)]);
}
