import type { Operations } from '@mintaka/contract';
import type { Context } from '../../domain/context.ts';
import { plotFlowRuns } from '../../domain/runs/flow-run-plot.ts';
import { type Handlers, ok } from '../handler.ts';

/** Handles the operations that only the web pages need. */
export function uiHandlers(context: Context): Handlers<Operations['ui']> {
  return { plotFlowRuns: ({ body }) => ok(plotFlowRuns(context, body)) };
}
