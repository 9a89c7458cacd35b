import { FlowRunStatesQuery, IdPath, State, TaskRunStatesQuery } from '@mintaka/contract';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Context } from '../../domain/context.ts';
import {
  readFlowRunState,
  readFlowRunStates,
  readTaskRunState,
  readTaskRunStates,
} from '../../domain/runs/states.ts';
import { type EndpointOptions, endpoints, ok } from '../endpoint.ts';

/** Adds the operations on the states of flow runs and task runs. */
export function addStateRoutes(app: FastifyInstance, options: EndpointOptions, context: Context): void {
  const flowRunStates = endpoints(app, options, 'Flow Run States');
  flowRunStates.get('/flow_run_states/:id', {
    summary: 'Read a state of a flow run',
    params: IdPath,
    refuses: [404],
    responses: { 200: State },
    handler: async ({ params }) => ok(await readFlowRunState(context, params.id)),
  });
  flowRunStates.get('/flow_run_states/', {
    summary: 'List the states of a flow run',
    query: FlowRunStatesQuery,
    responses: { 200: z.array(State) },
    handler: async ({ query }) => ok(await readFlowRunStates(context, query.flow_run_id)),
  });

  const taskRunStates = endpoints(app, options, 'Task Run States');
  taskRunStates.get('/task_run_states/:id', {
    summary: 'Read a state of a task run',
    params: IdPath,
    refuses: [404],
    responses: { 200: State },
    handler: async ({ params }) => ok(await readTaskRunState(context, params.id)),
  });
  taskRunStates.get('/task_run_states/', {
    summary: 'List the states of a task run',
    query: TaskRunStatesQuery,
    responses: { 200: z.array(State) },
    handler: async ({ query }) => ok(await readTaskRunStates(context, query.task_run_id)),
  });
}
