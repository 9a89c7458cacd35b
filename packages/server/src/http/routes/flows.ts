import {
  Flow,
  FlowCountBody,
  FlowCreate,
  FlowFilterBody,
  FlowUpdate,
  IdPath,
  NamePath,
} from '@mintaka/contract';
import { integer } from '@mintaka/contract/wire';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Context } from '../../domain/context.ts';
import {
  countFlows,
  createFlow,
  deleteFlow,
  filterFlows,
  readFlow,
  readFlowByName,
  updateFlow,
} from '../../domain/flows.ts';
import { done, type EndpointOptions, endpoints, made, ok } from '../endpoint.ts';

/** Adds the operations on flows. */
export function addFlowRoutes(app: FastifyInstance, options: EndpointOptions, context: Context): void {
  const { get, post, patch, del } = endpoints(app, options, 'Flows');

  post('/flows/', {
    summary: 'Create a flow, or give the one that has this name',
    body: FlowCreate,
    responses: { 200: Flow, 201: Flow },
    handler: async ({ body }) => made(await createFlow(context, body)),
  });
  get('/flows/:id', {
    summary: 'Read a flow',
    params: IdPath,
    refuses: [404],
    responses: { 200: Flow },
    handler: async ({ params }) => ok(await readFlow(context, params.id)),
  });
  get('/flows/name/:name', {
    summary: 'Read a flow by its name',
    params: NamePath,
    refuses: [404],
    responses: { 200: Flow },
    handler: async ({ params }) => ok(await readFlowByName(context, params.name)),
  });
  post('/flows/filter', {
    summary: 'List flows',
    body: FlowFilterBody,
    bodyOptional: true,
    limited: true,
    responses: { 200: z.array(Flow) },
    handler: async ({ body }) => ok(await filterFlows(context, body)),
  });
  post('/flows/count', {
    summary: 'Count flows',
    body: FlowCountBody,
    bodyOptional: true,
    responses: { 200: integer() },
    handler: async ({ body }) => ok(await countFlows(context, body)),
  });
  patch('/flows/:id', {
    summary: 'Change a flow',
    params: IdPath,
    body: FlowUpdate,
    refuses: [404],
    responses: { 204: undefined },
    handler: async ({ params, body }) => {
      await updateFlow(context, params.id, body);
      return done;
    },
  });
  del('/flows/:id', {
    summary: 'Delete a flow with its deployments and runs',
    params: IdPath,
    refuses: [404],
    responses: { 204: undefined },
    handler: async ({ params }) => {
      await deleteFlow(context, params.id);
      return done;
    },
  });
}
