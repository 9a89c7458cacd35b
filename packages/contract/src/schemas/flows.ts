import type * as z from 'zod';
import { model } from '../wire/index.ts';
import { identity, name, texts } from './fields.ts';

/** A flow to create. Without `tags` it has no tags. */
export const FlowCreate = model(
  'FlowCreate',
  { name: name(), tags: texts().optional() },
  { extra: 'forbid' },
);
export type FlowCreate = z.output<typeof FlowCreate>;
/** FlowCreate as a client sends it. */
export type FlowCreateInput = z.input<typeof FlowCreate>;

/** Changes to a flow; omitted fields stay as they are. */
export const FlowUpdate = model('FlowUpdate', { tags: texts().optional() }, { extra: 'forbid' });
export type FlowUpdate = z.output<typeof FlowUpdate>;
/** FlowUpdate as a client sends it. */
export type FlowUpdateInput = z.input<typeof FlowUpdate>;

/** A flow. */
export const Flow = model('Flow', { ...identity, name: name(), tags: texts() });
export type Flow = z.output<typeof Flow>;
