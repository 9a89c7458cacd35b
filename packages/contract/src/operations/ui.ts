import * as z from 'zod';
import { SimpleFlowRun, SimpleFlowRunsBody } from '../schemas/index.ts';
import type { Resource } from './operation.ts';

/** The operations that only the web pages need. */
export const ui = {
  plotFlowRuns: {
    method: 'POST',
    path: '/ui/flow_runs/history',
    summary: 'List flow runs as points of a plot',
    tag: 'UI',
    access: 'read',
    body: SimpleFlowRunsBody,
    bodyOptional: true,
    responses: { 200: z.array(SimpleFlowRun) },
  },
} as const satisfies Resource;
