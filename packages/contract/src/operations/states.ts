import * as z from 'zod';
import { FlowRunStatesQuery, IdPath, State, TaskRunStatesQuery } from '../schemas/index.ts';
import type { Resource } from './operation.ts';

/** The operations on the states of flow runs. */
export const flowRunStates = {
  read: {
    method: 'GET',
    path: '/flow_run_states/:id',
    summary: 'Read a state of a flow run',
    tag: 'Flow Run States',
    access: 'read',
    params: IdPath,
    refuses: [404],
    responses: { 200: State },
  },
  list: {
    method: 'GET',
    path: '/flow_run_states/',
    summary: 'List the states of a flow run',
    tag: 'Flow Run States',
    access: 'read',
    query: FlowRunStatesQuery,
    responses: { 200: z.array(State) },
  },
} as const satisfies Resource;

/** The operations on the states of task runs. */
export const taskRunStates = {
  read: {
    method: 'GET',
    path: '/task_run_states/:id',
    summary: 'Read a state of a task run',
    tag: 'Task Run States',
    access: 'read',
    params: IdPath,
    refuses: [404],
    responses: { 200: State },
  },
  list: {
    method: 'GET',
    path: '/task_run_states/',
    summary: 'List the states of a task run',
    tag: 'Task Run States',
    access: 'read',
    query: TaskRunStatesQuery,
    responses: { 200: z.array(State) },
  },
} as const satisfies Resource;
