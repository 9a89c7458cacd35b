import {
  FlowRunNotificationPolicy,
  FlowRunNotificationPolicyCreate,
  FlowRunNotificationPolicyFilterBody,
  FlowRunNotificationPolicyUpdate,
  IdPath,
} from '@mintaka/contract';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Context } from '../../domain/context.ts';
import {
  createNotificationPolicy,
  deleteNotificationPolicy,
  filterNotificationPolicies,
  readNotificationPolicy,
  updateNotificationPolicy,
} from '../../domain/notifications/notification-policies.ts';
import { done, type EndpointOptions, endpoints, made, ok } from '../endpoint.ts';

/** Adds the operations on notification policies. */
export function addFlowRunNotificationPolicyRoutes(
  app: FastifyInstance,
  options: EndpointOptions,
  context: Context,
): void {
  const { get, post, patch, del } = endpoints(app, options, 'Flow Run Notification Policies');

  post('/flow_run_notification_policies/', {
    summary: 'Create a notification policy',
    body: FlowRunNotificationPolicyCreate,
    refuses: [409],
    responses: { 201: FlowRunNotificationPolicy },
    handler: async ({ body }) =>
      made({ created: true, value: await createNotificationPolicy(context, body) }),
  });
  patch('/flow_run_notification_policies/:id', {
    summary: 'Change a notification policy',
    params: IdPath,
    body: FlowRunNotificationPolicyUpdate,
    refuses: [404, 409],
    responses: { 204: undefined },
    handler: async ({ params, body }) => {
      await updateNotificationPolicy(context, params.id, body);
      return done;
    },
  });
  get('/flow_run_notification_policies/:id', {
    summary: 'Read a notification policy',
    params: IdPath,
    refuses: [404],
    responses: { 200: FlowRunNotificationPolicy },
    handler: async ({ params }) => ok(await readNotificationPolicy(context, params.id)),
  });
  post('/flow_run_notification_policies/filter', {
    summary: 'List notification policies',
    body: FlowRunNotificationPolicyFilterBody,
    bodyOptional: true,
    limited: true,
    responses: { 200: z.array(FlowRunNotificationPolicy) },
    handler: async ({ body }) => ok(await filterNotificationPolicies(context, body)),
  });
  del('/flow_run_notification_policies/:id', {
    summary: 'Delete a notification policy',
    params: IdPath,
    refuses: [404],
    responses: { 204: undefined },
    handler: async ({ params }) => {
      await deleteNotificationPolicy(context, params.id);
      return done;
    },
  });
}
