import * as z from 'zod';
import { Log, LogFilterBody, LogsBody } from '../schemas/index.ts';
import type { Resource } from './operation.ts';

/** The operations on the logs of runs. */
export const logs = {
  create: {
    method: 'POST',
    path: '/logs/',
    summary: 'Create logs',
    tag: 'Logs',
    access: 'run',
    body: LogsBody,
    responses: { 201: z.null() },
  },
  filter: {
    method: 'POST',
    path: '/logs/filter',
    summary: 'List logs',
    tag: 'Logs',
    access: 'read',
    body: LogFilterBody,
    bodyOptional: true,
    limited: true,
    responses: { 200: z.array(Log) },
  },
} as const satisfies Resource;
