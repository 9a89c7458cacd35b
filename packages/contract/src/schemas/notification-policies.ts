import type * as z from 'zod';
import { boolean, complain, model, parameters, text, uuid } from '../wire/index.ts';
import { defaulting, identity, limit, offset, texts } from './fields.ts';
import { FlowRunNotificationPolicyFilter } from './filters/index.ts';
import { NOTIFICATION_VARIABLES, templateProblem } from './notification-template.ts';

const template = text().check((message) => {
  const problem = templateProblem(message.value, NOTIFICATION_VARIABLES);
  if (problem !== undefined) complain(message, problem.type, problem.text);
});

/** A policy to create: which states of runs with which tags cause a message, and which block sends it. */
export const FlowRunNotificationPolicyCreate = model(
  'FlowRunNotificationPolicyCreate',
  {
    is_active: defaulting(boolean(), true),
    state_names: texts().optional(),
    tags: texts().optional(),
    block_document_id: uuid(),
    message_template: template.nullish(),
  },
  { extra: 'forbid' },
);
export type FlowRunNotificationPolicyCreate = z.output<typeof FlowRunNotificationPolicyCreate>;
/** FlowRunNotificationPolicyCreate as a client sends it. */
export type FlowRunNotificationPolicyCreateInput = z.input<typeof FlowRunNotificationPolicyCreate>;

/** Changes to a policy; omitted fields stay as they are. */
export const FlowRunNotificationPolicyUpdate = model(
  'FlowRunNotificationPolicyUpdate',
  {
    is_active: defaulting(boolean().nullable(), true),
    state_names: texts().nullish(),
    tags: texts().nullish(),
    block_document_id: uuid().nullish(),
    message_template: template.nullish(),
  },
  { extra: 'forbid' },
);
export type FlowRunNotificationPolicyUpdate = z.output<typeof FlowRunNotificationPolicyUpdate>;
/** FlowRunNotificationPolicyUpdate as a client sends it. */
export type FlowRunNotificationPolicyUpdateInput = z.input<typeof FlowRunNotificationPolicyUpdate>;

/** A notification policy. */
export const FlowRunNotificationPolicy = model('FlowRunNotificationPolicy', {
  ...identity,
  is_active: boolean(),
  state_names: texts(),
  tags: texts(),
  block_document_id: uuid(),
  message_template: text().nullable(),
});
export type FlowRunNotificationPolicy = z.output<typeof FlowRunNotificationPolicy>;

/** Filter and page of a list of policies. */
export const FlowRunNotificationPolicyFilterBody = parameters('FlowRunNotificationPolicyFilterBody', {
  limit,
  flow_run_notification_policy_filter: FlowRunNotificationPolicyFilter.optional(),
  offset,
});
export type FlowRunNotificationPolicyFilterBody = z.output<typeof FlowRunNotificationPolicyFilterBody>;
/** FlowRunNotificationPolicyFilterBody as a client sends it. */
export type FlowRunNotificationPolicyFilterBodyInput = z.input<typeof FlowRunNotificationPolicyFilterBody>;
