import { SimpleFlowRun, SimpleFlowRunsBody } from '@mintaka/contract';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Context } from '../../domain/context.ts';
import { plotFlowRuns } from '../../domain/runs/flow-run-plot.ts';
import { type EndpointOptions, endpoints, ok } from '../endpoint.ts';

/** Adds the operations that only the pages need. */
export function addUiRoutes(app: FastifyInstance, options: EndpointOptions, context: Context): void {
  const { post } = endpoints(app, options, 'UI');

  post('/ui/flow_runs/history', {
    summary: 'List flow runs as points of a plot',
    body: SimpleFlowRunsBody,
    bodyOptional: true,
    responses: { 200: z.array(SimpleFlowRun) },
    handler: async ({ body }) => ok(await plotFlowRuns(context, body)),
  });
}
