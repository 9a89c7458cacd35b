import type { Operations } from '@mintaka/contract';
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
import { createdOrFound, type Handlers, noContent, ok } from '../handler.ts';
import { repeatable } from '../orchestrated.ts';

/** Handles the operations on task runs. */
export function taskRunHandlers(context: Context): Handlers<Operations['taskRuns']> {
  return {
    create: ({ body }) => createdOrFound(createTaskRun(context, body)),
    read: ({ params }) => ok(readTaskRun(context, params.id)),
    filter: ({ body }) => ok(filterTaskRuns(context, body)),
    count: ({ body }) => ok(countTaskRuns(context, body)),
    history: ({ body }) => ok(taskRunHistory(context, body)),
    setState: async ({ params, body, caller: { identity } }) => {
      const proposal = { taskRunId: params.id, proposal: body.state, force: body.force, identity };
      return repeatable(context, identity, params.id, await setTaskRunState(context, proposal));
    },
    update: ({ params, body }) => noContent(updateTaskRun(context, params.id, body)),
    delete: ({ params }) => noContent(deleteTaskRun(context, params.id)),
  };
}
