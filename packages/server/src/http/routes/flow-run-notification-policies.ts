import type { Operations } from '@mintaka/contract';
import type { Context } from '../../domain/context.ts';
import {
  createNotificationPolicy,
  deleteNotificationPolicy,
  filterNotificationPolicies,
  readNotificationPolicy,
  updateNotificationPolicy,
} from '../../domain/notifications/notification-policies.ts';
import { created, type Handlers, noContent, ok } from '../handler.ts';

/** Handles the operations on notification policies. */
export function flowRunNotificationPolicyHandlers(
  context: Context,
): Handlers<Operations['flowRunNotificationPolicies']> {
  return {
    create: ({ body }) => created(createNotificationPolicy(context, body)),
    update: ({ params, body }) => noContent(updateNotificationPolicy(context, params.id, body)),
    read: ({ params }) => ok(readNotificationPolicy(context, params.id)),
    filter: ({ body }) => ok(filterNotificationPolicies(context, body)),
    delete: ({ params }) => noContent(deleteNotificationPolicy(context, params.id)),
  };
}
