import {
  DependencyResult,
  FlowRunCountBody,
  FlowRunCreate,
  FlowRunFilterBody,
  FlowRunHistoryBody,
  FlowRunResponse,
  FlowRunUpdate,
  HistoryResponse,
  IdPath,
  OrchestrationResult,
  SetStateBody,
} from '@mintaka/contract';
import { integer } from '@mintaka/contract/wire';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Context } from '../../domain/context.ts';
import { flowRunGraph } from '../../domain/runs/flow-run-graph.ts';
import {
  countFlowRuns,
  createFlowRun,
  deleteFlowRun,
  filterFlowRuns,
  flowRunHistory,
  readFlowRun,
  updateFlowRun,
} from '../../domain/runs/flow-runs.ts';
import { resumeFlowRun } from '../../domain/runs/resume.ts';
import { setFlowRunState } from '../../domain/state-changes/set-flow-run-state.ts';
import { done, type EndpointOptions, endpoints, made, ok } from '../endpoint.ts';
import { orchestrated } from '../orchestrated.ts';
import { identityOf, watchAnswer } from '../state-request.ts';
import { apiVersionOf } from '../version-header.ts';

/** Adds the operations on flow runs. */
export function addFlowRunRoutes(app: FastifyInstance, options: EndpointOptions, context: Context): void {
  const { get, post, patch, del } = endpoints(app, options, 'Flow Runs');

  post('/flow_runs/', {
    summary: 'Create a flow run, or give the one that has this idempotency key',
    body: FlowRunCreate,
    refuses: [409],
    responses: { 200: FlowRunResponse, 201: FlowRunResponse },
    handler: async ({ body, request }) => made(await createFlowRun(context, body, apiVersionOf(request))),
  });
  get('/flow_runs/:id', {
    summary: 'Read a flow run',
    params: IdPath,
    refuses: [404],
    responses: { 200: FlowRunResponse },
    handler: async ({ params }) => ok(await readFlowRun(context, params.id)),
  });
  get('/flow_runs/:id/graph', {
    summary: 'Read the task runs of a flow run with what they depend on',
    params: IdPath,
    refuses: [404],
    responses: { 200: z.array(DependencyResult) },
    handler: async ({ params }) => ok(await flowRunGraph(context, params.id)),
  });
  post('/flow_runs/filter', {
    summary: 'List flow runs',
    body: FlowRunFilterBody,
    bodyOptional: true,
    limited: true,
    responses: { 200: z.array(FlowRunResponse) },
    handler: async ({ body }) => ok(await filterFlowRuns(context, body)),
  });
  post('/flow_runs/count', {
    summary: 'Count flow runs',
    body: FlowRunCountBody,
    bodyOptional: true,
    responses: { 200: integer() },
    handler: async ({ body }) => ok(await countFlowRuns(context, body)),
  });
  post('/flow_runs/history', {
    summary: 'Count flow runs by time and state',
    body: FlowRunHistoryBody,
    responses: { 200: z.array(HistoryResponse) },
    handler: async ({ body }) => ok(await flowRunHistory(context, body)),
  });
  post('/flow_runs/:id/set_state', {
    summary: 'Propose a new state for a flow run',
    params: IdPath,
    body: SetStateBody,
    refuses: [404],
    responses: { 200: OrchestrationResult, 201: OrchestrationResult },
    handler: async ({ params, body, request, reply }) => {
      const identity = identityOf(request);
      const result = await setFlowRunState(context, {
        flowRunId: params.id,
        proposal: body.state,
        force: body.force,
        apiVersion: apiVersionOf(request),
        identity,
      });
      watchAnswer(context, reply, identity, params.id, result);
      return orchestrated(result);
    },
  });
  post('/flow_runs/:id/resume', {
    summary: 'Resume a paused flow run',
    params: IdPath,
    refuses: [404],
    responses: { 200: OrchestrationResult, 201: OrchestrationResult },
    handler: async ({ params, request }) =>
      orchestrated(await resumeFlowRun(context, params.id, apiVersionOf(request))),
  });
  patch('/flow_runs/:id', {
    summary: 'Change a flow run',
    params: IdPath,
    body: FlowRunUpdate,
    refuses: [404],
    responses: { 204: undefined },
    handler: async ({ params, body }) => {
      await updateFlowRun(context, params.id, body);
      return done;
    },
  });
  del('/flow_runs/:id', {
    summary: 'Delete a flow run with its task runs',
    params: IdPath,
    refuses: [404],
    responses: { 204: undefined },
    handler: async ({ params }) => {
      await deleteFlowRun(context, params.id);
      return done;
    },
  });
}
