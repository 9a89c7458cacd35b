import {
  HistoryResponse,
  IdPath,
  OrchestrationResult,
  SetStateBody,
  TaskRun,
  TaskRunCountBody,
  TaskRunFilterBody,
  TaskRunHistoryBody,
  TaskRunUpdate,
  taskRunCreate,
} from '@mintaka/contract';
import { integer } from '@mintaka/contract/wire';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Context } from '../../domain/context.ts';
import {
  countTaskRuns,
  createTaskRun,
  deleteTaskRun,
  filterTaskRuns,
  readTaskRun,
  taskRunHistory,
  updateTaskRun,
} from '../../domain/runs/task-runs.ts';
import { setTaskRunState } from '../../domain/state-changes/set-task-run-state.ts';
import { done, type EndpointOptions, endpoints, made, ok } from '../endpoint.ts';
import { orchestrated } from '../orchestrated.ts';
import { identityOf, watchAnswer } from '../state-request.ts';

/** Adds the operations on task runs. */
export function addTaskRunRoutes(app: FastifyInstance, options: EndpointOptions, context: Context): void {
  const { get, post, patch, del } = endpoints(app, options, 'Task Runs');

  post('/task_runs/', {
    summary: 'Create a task run, or give the one that has these keys',
    body: taskRunCreate(context.settings.taskCacheKeyMaxLength),
    refuses: [409],
    responses: { 200: TaskRun, 201: TaskRun },
    handler: async ({ body }) => made(await createTaskRun(context, body)),
  });
  get('/task_runs/:id', {
    summary: 'Read a task run',
    params: IdPath,
    refuses: [404],
    responses: { 200: TaskRun },
    handler: async ({ params }) => ok(await readTaskRun(context, params.id)),
  });
  post('/task_runs/filter', {
    summary: 'List task runs',
    body: TaskRunFilterBody,
    bodyOptional: true,
    limited: true,
    responses: { 200: z.array(TaskRun) },
    handler: async ({ body }) => ok(await filterTaskRuns(context, body)),
  });
  post('/task_runs/count', {
    summary: 'Count task runs',
    body: TaskRunCountBody,
    bodyOptional: true,
    responses: { 200: integer() },
    handler: async ({ body }) => ok(await countTaskRuns(context, body)),
  });
  post('/task_runs/history', {
    summary: 'Count task runs by time and state',
    body: TaskRunHistoryBody,
    responses: { 200: z.array(HistoryResponse) },
    handler: async ({ body }) => ok(await taskRunHistory(context, body)),
  });
  post('/task_runs/:id/set_state', {
    summary: 'Propose a new state for a task run',
    params: IdPath,
    body: SetStateBody,
    refuses: [404],
    responses: { 200: OrchestrationResult, 201: OrchestrationResult },
    handler: async ({ params, body, request, reply }) => {
      const identity = identityOf(request);
      const proposal = { taskRunId: params.id, proposal: body.state, force: body.force, identity };
      const result = await setTaskRunState(context, proposal);
      watchAnswer(context, reply, identity, params.id, result);
      return orchestrated(result);
    },
  });
  patch('/task_runs/:id', {
    summary: 'Change a task run',
    params: IdPath,
    body: TaskRunUpdate,
    refuses: [404],
    responses: { 204: undefined },
    handler: async ({ params, body }) => {
      await updateTaskRun(context, params.id, body);
      return done;
    },
  });
  del('/task_runs/:id', {
    summary: 'Delete a task run',
    params: IdPath,
    refuses: [404],
    responses: { 204: undefined },
    handler: async ({ params }) => {
      await deleteTaskRun(context, params.id);
      return done;
    },
  });
}
