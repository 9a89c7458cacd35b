import * as z from 'zod';
import {
  FlowRunNotificationPolicy,
  FlowRunNotificationPolicyCreate,
  FlowRunNotificationPolicyFilterBody,
  FlowRunNotificationPolicyUpdate,
  IdPath,
} from '../schemas/index.ts';
import type { Resource } from './operation.ts';

const tag = 'Flow Run Notification Policies';

/** The operations on notification policies. */
export const flowRunNotificationPolicies = {
  create: {
    method: 'POST',
    path: '/flow_run_notification_policies/',
    summary: 'Create a notification policy',
    tag,
    access: 'write',
    body: FlowRunNotificationPolicyCreate,
    refuses: [409],
    responses: { 201: FlowRunNotificationPolicy },
  },
  update: {
    method: 'PATCH',
    path: '/flow_run_notification_policies/:id',
    summary: 'Update a notification policy',
    tag,
    access: 'write',
    params: IdPath,
    body: FlowRunNotificationPolicyUpdate,
    refuses: [404, 409],
    responses: { 204: undefined },
  },
  read: {
    method: 'GET',
    path: '/flow_run_notification_policies/:id',
    summary: 'Read a notification policy',
    tag,
    access: 'read',
    params: IdPath,
    refuses: [404],
    responses: { 200: FlowRunNotificationPolicy },
  },
  filter: {
    method: 'POST',
    path: '/flow_run_notification_policies/filter',
    summary: 'List notification policies',
    tag,
    access: 'read',
    body: FlowRunNotificationPolicyFilterBody,
    bodyOptional: true,
    limited: true,
    responses: { 200: z.array(FlowRunNotificationPolicy) },
  },
  delete: {
    method: 'DELETE',
    path: '/flow_run_notification_policies/:id',
    summary: 'Delete a notification policy',
    tag,
    access: 'write',
    params: IdPath,
    refuses: [404],
    responses: { 204: undefined },
  },
} as const satisfies Resource;
