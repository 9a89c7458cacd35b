import type { Operations } from '@mintaka/contract';
import type { Context } from '../../domain/context.ts';
import { createLogs, filterLogs } from '../../domain/logs.ts';
import { type Handlers, nothing, ok } from '../handler.ts';

/** Handles the operations on the logs of runs. */
export function logHandlers(context: Context): Handlers<Operations['logs']> {
  return {
    create: ({ body }) => nothing(201, createLogs(context, body)),
    filter: ({ body }) => ok(filterLogs(context, body)),
  };
}
