import {
  Flow,
  FlowCountBody,
  FlowCreate,
  FlowFilterBody,
  FlowUpdate,
  IdPath,
  NamePath,
} from '@mintaka/contract';
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
import { addEndpoint, type EndpointOptions } from '../endpoint.ts';

const tag = 'Flows';

/** Adds the operations on flows. */
export function addFlowRoutes(app: FastifyInstance, options: EndpointOptions, context: Context): void {
  addEndpoint(app, options, {
    method: 'POST',
    path: '/flows/',
    tag,
    summary: 'Create a flow, or give the one that has this name',
    body: FlowCreate,
    responses: { 200: Flow, 201: Flow },
    handler: async ({ body }) => {
      const { created, value } = await createFlow(context, body);
      return { status: created ? 201 : 200, value };
    },
  });
  addEndpoint(app, options, {
    method: 'GET',
    path: '/flows/:id',
    tag,
    summary: 'Read a flow',
    params: IdPath,
    responses: { 200: Flow },
    handler: async ({ params }) => ({ status: 200, value: await readFlow(context, params.id) }),
  });
  addEndpoint(app, options, {
    method: 'GET',
    path: '/flows/name/:name',
    tag,
    summary: 'Read a flow by its name',
    params: NamePath,
    responses: { 200: Flow },
    handler: async ({ params }) => ({ status: 200, value: await readFlowByName(context, params.name) }),
  });
  addEndpoint(app, options, {
    method: 'POST',
    path: '/flows/filter',
    tag,
    summary: 'List flows',
    body: FlowFilterBody,
    bodyOptional: true,
    limited: true,
    responses: { 200: z.array(Flow) },
    handler: async ({ body }) => ({ status: 200, value: await filterFlows(context, body) }),
  });
  addEndpoint(app, options, {
    method: 'POST',
    path: '/flows/count',
    tag,
    summary: 'Count flows',
    body: FlowCountBody,
    bodyOptional: true,
    responses: { 200: z.int() },
    handler: async ({ body }) => ({ status: 200, value: await countFlows(context, body) }),
  });
  addEndpoint(app, options, {
    method: 'PATCH',
    path: '/flows/:id',
    tag,
    summary: 'Change a flow',
    params: IdPath,
    body: FlowUpdate,
    responses: { 204: undefined },
    handler: async ({ params, body }) => {
      await updateFlow(context, params.id, body);
      return { status: 204 };
    },
  });
  addEndpoint(app, options, {
    method: 'DELETE',
    path: '/flows/:id',
    tag,
    summary: 'Delete a flow with its deployments and runs',
    params: IdPath,
    responses: { 204: undefined },
    handler: async ({ params }) => {
      await deleteFlow(context, params.id);
      return { status: 204 };
    },
  });
}
