import type * as z from 'zod';
import { boolean, dateTimeTz, integer, list, model, parameters, text, uuid } from '../wire/index.ts';
import { defaulting, identity, limit, name, offset, texts } from './fields.ts';
import { WorkQueueFilter } from './filters/index.ts';

/** The flow runs that a legacy queue with a filter takes. */
export const QueueFilter = model('QueueFilter', {
  tags: texts().nullable().default(null),
  deployment_ids: list(uuid()).nullable().default(null),
});
export type QueueFilter = z.output<typeof QueueFilter>;
/** QueueFilter as a client sends it. */
export type QueueFilterInput = z.input<typeof QueueFilter>;

/** A work queue to create. Omitted fields get their column's default. */
export const WorkQueueCreate = model(
  'WorkQueueCreate',
  {
    name: name(),
    description: defaulting(text().nullable(), ''),
    is_paused: defaulting(boolean(), false),
    concurrency_limit: integer({ ge: 0 }).nullish(),
    priority: integer().nullish(),
    filter: QueueFilter.nullish().meta({ deprecated: true }),
  },
  { extra: 'forbid' },
);
export type WorkQueueCreate = z.output<typeof WorkQueueCreate>;
/** WorkQueueCreate as a client sends it. */
export type WorkQueueCreateInput = z.input<typeof WorkQueueCreate>;

/** Changes to a work queue; omitted fields stay as they are. */
export const WorkQueueUpdate = model(
  'WorkQueueUpdate',
  {
    name: name().optional(),
    description: defaulting(text().nullable(), ''),
    is_paused: defaulting(boolean(), false),
    concurrency_limit: integer({ ge: 0 }).nullish(),
    priority: defaulting(integer({ ge: 1 }).nullable(), 1),
    last_polled: dateTimeTz().nullish(),
    filter: QueueFilter.nullish().meta({ deprecated: true }),
  },
  { extra: 'forbid' },
);
export type WorkQueueUpdate = z.output<typeof WorkQueueUpdate>;
/** WorkQueueUpdate as a client sends it. */
export type WorkQueueUpdateInput = z.input<typeof WorkQueueUpdate>;

/** A work queue. */
export const WorkQueue = model('WorkQueue', {
  ...identity,
  name: text(),
  description: text().nullable(),
  is_paused: boolean(),
  concurrency_limit: integer({ ge: 0 }).nullable(),
  priority: integer({ ge: 1 }),
  work_pool_id: uuid().nullable(),
  filter: QueueFilter.nullable().meta({ deprecated: true }),
  last_polled: dateTimeTz().nullable(),
});
export type WorkQueue = z.output<typeof WorkQueue>;

/** Which work queues, which page. */
export const WorkQueueFilterBody = parameters('WorkQueueFilterBody', {
  limit,
  offset,
  work_queues: WorkQueueFilter.optional(),
});
export type WorkQueueFilterBody = z.output<typeof WorkQueueFilterBody>;
/** WorkQueueFilterBody as a client sends it. */
export type WorkQueueFilterBodyInput = z.input<typeof WorkQueueFilterBody>;

/** Which runs an agent requests from a queue. */
export const WorkQueueRunsBody = parameters('WorkQueueRunsBody', {
  limit,
  scheduled_before: dateTimeTz().optional(),
  agent_id: uuid().optional(),
});
export type WorkQueueRunsBody = z.output<typeof WorkQueueRunsBody>;
/** WorkQueueRunsBody as a client sends it. */
export type WorkQueueRunsBodyInput = z.input<typeof WorkQueueRunsBody>;

/** The headers of a poll. The web pages read queues by the same request as agents, and say so; this is not recorded as a poll. */
export const PollHeaders = parameters('PollHeaders', { 'x-prefect-ui': boolean().default(false) });
export type PollHeaders = z.output<typeof PollHeaders>;

/** When a queue is healthy. */
export const WorkQueueHealthPolicy = model('WorkQueueHealthPolicy', {
  maximum_late_runs: integer().nullable(),
  maximum_seconds_since_last_polled: integer().nullable(),
});
export type WorkQueueHealthPolicy = z.output<typeof WorkQueueHealthPolicy>;

/** The health of a queue. */
export const WorkQueueStatusDetail = model('WorkQueueStatusDetail', {
  healthy: boolean(),
  late_runs_count: integer(),
  last_polled: dateTimeTz().nullable(),
  health_check_policy: WorkQueueHealthPolicy,
});
export type WorkQueueStatusDetail = z.output<typeof WorkQueueStatusDetail>;
