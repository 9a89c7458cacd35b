import type * as z from 'zod';
import { list, text } from '../../wire/index.ts';
import { anyId, anyText, filter, flag, nameLike, operatorFilter, tags, timeSpan } from './criteria.ts';

/** Which deployments. */
export const DeploymentFilter = operatorFilter('DeploymentFilter', {
  id: anyId('DeploymentFilterId').nullish(),
  name: nameLike('DeploymentFilterName').nullish(),
  is_schedule_active: flag('DeploymentFilterIsScheduleActive').nullish(),
  tags: tags('DeploymentFilterTags').nullish(),
  work_queue_name: anyText('DeploymentFilterWorkQueueName').nullish(),
});
export type DeploymentFilter = z.output<typeof DeploymentFilter>;
/** DeploymentFilter as a client sends it. */
export type DeploymentFilterInput = z.input<typeof DeploymentFilter>;

/** Which work pools. */
export const WorkPoolFilter = operatorFilter('WorkPoolFilter', {
  id: anyId('WorkPoolFilterId').nullish(),
  name: anyText('WorkPoolFilterName').nullish(),
  type: anyText('WorkPoolFilterType').nullish(),
});
export type WorkPoolFilter = z.output<typeof WorkPoolFilter>;
/** WorkPoolFilter as a client sends it. */
export type WorkPoolFilterInput = z.input<typeof WorkPoolFilter>;

/** Which work queues. */
export const WorkQueueFilter = operatorFilter('WorkQueueFilter', {
  id: anyId('WorkQueueFilterId').nullish(),
  name: filter('WorkQueueFilterName', {
    any_: list(text()).nullish(),
    startswith_: list(text()).nullish(),
  }).nullish(),
});
export type WorkQueueFilter = z.output<typeof WorkQueueFilter>;
/** WorkQueueFilter as a client sends it. */
export type WorkQueueFilterInput = z.input<typeof WorkQueueFilter>;

/** Which workers. */
export const WorkerFilter = operatorFilter('WorkerFilter', {
  last_heartbeat_time: timeSpan('WorkerFilterLastHeartbeatTime').nullish(),
});
export type WorkerFilter = z.output<typeof WorkerFilter>;
/** WorkerFilter as a client sends it. */
export type WorkerFilterInput = z.input<typeof WorkerFilter>;

/** Selects notification policies. Without criteria: those that are not active. */
export const FlowRunNotificationPolicyFilter = filter('FlowRunNotificationPolicyFilter', {
  is_active: flag('FlowRunNotificationPolicyFilterIsActive').nullable().default({ eq_: false }),
});
export type FlowRunNotificationPolicyFilter = z.output<typeof FlowRunNotificationPolicyFilter>;
/** FlowRunNotificationPolicyFilter as a client sends it. */
export type FlowRunNotificationPolicyFilterInput = z.input<typeof FlowRunNotificationPolicyFilter>;
