import type { Operations } from '@mintaka/contract';
import type { Context } from '../../domain/context.ts';
import {
  readFlowRunState,
  readFlowRunStates,
  readTaskRunState,
  readTaskRunStates,
} from '../../domain/runs/states.ts';
import { type Handlers, ok } from '../handler.ts';

/** Handles the operations on the states of flow runs. */
export function flowRunStateHandlers(context: Context): Handlers<Operations['flowRunStates']> {
  return {
    read: ({ params }) => ok(readFlowRunState(context, params.id)),
    list: ({ query }) => ok(readFlowRunStates(context, query.flow_run_id)),
  };
}

/** Handles the operations on the states of task runs. */
export function taskRunStateHandlers(context: Context): Handlers<Operations['taskRunStates']> {
  return {
    read: ({ params }) => ok(readTaskRunState(context, params.id)),
    list: ({ query }) => ok(readTaskRunStates(context, query.task_run_id)),
  };
}
