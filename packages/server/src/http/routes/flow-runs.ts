import type { Operations } from '@mintaka/contract';
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
import { createdOrFound, type Handlers, noContent, ok } from '../handler.ts';
import { orchestrated, repeatable } from '../orchestrated.ts';

/** Handles the operations on flow runs. */
export function flowRunHandlers(context: Context): Handlers<Operations['flowRuns']> {
  return {
    create: ({ body, caller }) => createdOrFound(createFlowRun(context, body, caller.apiVersion)),
    read: ({ params }) => ok(readFlowRun(context, params.id)),
    readGraph: ({ params }) => ok(flowRunGraph(context, params.id)),
    filter: ({ body }) => ok(filterFlowRuns(context, body)),
    count: ({ body }) => ok(countFlowRuns(context, body)),
    history: ({ body }) => ok(flowRunHistory(context, body)),
    setState: async ({ params, body, caller }) => {
      const { apiVersion, identity } = caller;
      const proposal = { proposal: body.state, force: body.force, apiVersion, identity };
      const result = await setFlowRunState(context, { flowRunId: params.id, ...proposal });
      return repeatable(context, identity, params.id, result);
    },
    resume: async ({ params, caller }) =>
      orchestrated(await resumeFlowRun(context, params.id, caller.apiVersion)),
    update: ({ params, body }) => noContent(updateFlowRun(context, params.id, body)),
    delete: ({ params }) => noContent(deleteFlowRun(context, params.id)),
  };
}
