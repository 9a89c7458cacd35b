import type { Operations } from '@mintaka/contract';
import {
  createConcurrencyLimit,
  deleteConcurrencyLimit,
  filterConcurrencyLimits,
  readConcurrencyLimit,
  resetConcurrencyLimit,
} from '../../domain/concurrency-limits.ts';
import type { Context } from '../../domain/context.ts';
import { type Handlers, nothing, ok } from '../handler.ts';

/** Handles the operations on the concurrency limits of task tags. */
export function concurrencyLimitHandlers(context: Context): Handlers<Operations['concurrencyLimits']> {
  return {
    create: ({ body }) => ok(createConcurrencyLimit(context, body)),
    read: ({ params }) => ok(readConcurrencyLimit(context, { column: 'id', value: params.id })),
    readByTag: ({ params }) => ok(readConcurrencyLimit(context, { column: 'tag', value: params.tag })),
    filter: ({ body }) => ok(filterConcurrencyLimits(context, body)),
    resetByTag: ({ params, body }) =>
      nothing(200, resetConcurrencyLimit(context, params.tag, body.slot_override ?? [])),
    delete: ({ params }) => nothing(200, deleteConcurrencyLimit(context, { column: 'id', value: params.id })),
    deleteByTag: ({ params }) =>
      nothing(200, deleteConcurrencyLimit(context, { column: 'tag', value: params.tag })),
  };
}
