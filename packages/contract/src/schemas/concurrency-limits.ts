import type * as z from 'zod';
import { integer, list, model, parameters, text, uuid } from '../wire/index.ts';
import { identity } from './fields.ts';

/** Creates or changes the maximum number of concurrent task runs with a tag. */
export const ConcurrencyLimitCreate = model(
  'ConcurrencyLimitCreate',
  { tag: text(), concurrency_limit: integer() },
  { extra: 'forbid' },
);
export type ConcurrencyLimitCreate = z.output<typeof ConcurrencyLimitCreate>;
/** ConcurrencyLimitCreate as a client sends it. */
export type ConcurrencyLimitCreateInput = z.input<typeof ConcurrencyLimitCreate>;

/** A limit, with the ids of the task runs that hold its slots. */
export const ConcurrencyLimit = model('ConcurrencyLimit', {
  ...identity,
  tag: text(),
  concurrency_limit: integer(),
  active_slots: list(uuid()),
});
export type ConcurrencyLimit = z.output<typeof ConcurrencyLimit>;

/** The task runs that hold the slots after the reset; none by default. */
export const ResetConcurrencyLimitBody = parameters('ResetConcurrencyLimitBody', {
  slot_override: list(uuid()).optional(),
});
export type ResetConcurrencyLimitBody = z.output<typeof ResetConcurrencyLimitBody>;
/** ResetConcurrencyLimitBody as a client sends it. */
export type ResetConcurrencyLimitBodyInput = z.input<typeof ResetConcurrencyLimitBody>;

/** The tag in a path. */
export const TagPath = parameters('TagPath', { tag: text() });
export type TagPath = z.output<typeof TagPath>;
