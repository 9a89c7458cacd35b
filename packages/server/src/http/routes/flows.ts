import type { Operations } from '@mintaka/contract';
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
import { createdOrFound, type Handlers, noContent, ok } from '../handler.ts';

/** Handles the operations on flows. */
export function flowHandlers(context: Context): Handlers<Operations['flows']> {
  return {
    create: ({ body }) => createdOrFound(createFlow(context, body)),
    read: ({ params }) => ok(readFlow(context, params.id)),
    readByName: ({ params }) => ok(readFlowByName(context, params.name)),
    filter: ({ body }) => ok(filterFlows(context, body)),
    count: ({ body }) => ok(countFlows(context, body)),
    update: ({ params, body }) => noContent(updateFlow(context, params.id, body)),
    delete: ({ params }) => noContent(deleteFlow(context, params.id)),
  };
}
