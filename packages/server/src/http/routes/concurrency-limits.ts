import {
  ConcurrencyLimit,
  ConcurrencyLimitCreate,
  IdPath,
  PageBody,
  ResetConcurrencyLimitBody,
  TagPath,
} from '@mintaka/contract';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import {
  createConcurrencyLimit,
  deleteConcurrencyLimit,
  filterConcurrencyLimits,
  readConcurrencyLimit,
  resetConcurrencyLimit,
} from '../../domain/concurrency-limits.ts';
import type { Context } from '../../domain/context.ts';
import { type EndpointOptions, endpoints, ok } from '../endpoint.ts';

/** Adds the operations on the concurrency limits of task tags. */
export function addConcurrencyLimitRoutes(
  app: FastifyInstance,
  options: EndpointOptions,
  context: Context,
): void {
  const { get, post, del } = endpoints(app, options, 'Concurrency Limits');

  post('/concurrency_limits/', {
    summary: 'Limit how many task runs with a tag may run at once',
    body: ConcurrencyLimitCreate,
    responses: { 200: ConcurrencyLimit },
    handler: async ({ body }) => ok(await createConcurrencyLimit(context, body)),
  });
  get('/concurrency_limits/:id', {
    summary: 'Read a concurrency limit',
    params: IdPath,
    refuses: [404],
    responses: { 200: ConcurrencyLimit },
    handler: async ({ params }) =>
      ok(await readConcurrencyLimit(context, { column: 'id', value: params.id })),
  });
  get('/concurrency_limits/tag/:tag', {
    summary: 'Read the concurrency limit of a tag',
    params: TagPath,
    refuses: [404],
    responses: { 200: ConcurrencyLimit },
    handler: async ({ params }) =>
      ok(await readConcurrencyLimit(context, { column: 'tag', value: params.tag })),
  });
  post('/concurrency_limits/filter', {
    summary: 'List concurrency limits',
    body: PageBody,
    bodyOptional: true,
    limited: true,
    responses: { 200: z.array(ConcurrencyLimit) },
    handler: async ({ body }) => ok(await filterConcurrencyLimits(context, body)),
  });
  post('/concurrency_limits/tag/:tag/reset', {
    summary: 'Give the slots of a concurrency limit back',
    params: TagPath,
    body: ResetConcurrencyLimitBody,
    bodyOptional: true,
    refuses: [404],
    responses: { 200: z.null() },
    handler: async ({ params, body }) => {
      await resetConcurrencyLimit(context, params.tag, body.slot_override ?? []);
      return ok(null);
    },
  });
  del('/concurrency_limits/:id', {
    summary: 'Lift a concurrency limit',
    params: IdPath,
    refuses: [404],
    responses: { 200: z.null() },
    handler: async ({ params }) => {
      await deleteConcurrencyLimit(context, { column: 'id', value: params.id });
      return ok(null);
    },
  });
  del('/concurrency_limits/tag/:tag', {
    summary: 'Lift the concurrency limit of a tag',
    params: TagPath,
    refuses: [404],
    responses: { 200: z.null() },
    handler: async ({ params }) => {
      await deleteConcurrencyLimit(context, { column: 'tag', value: params.tag });
      return ok(null);
    },
  });
}
