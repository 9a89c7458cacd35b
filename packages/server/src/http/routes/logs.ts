import { Log, LogFilterBody, LogsBody } from '@mintaka/contract';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Context } from '../../domain/context.ts';
import { createLogs, filterLogs } from '../../domain/logs.ts';
import { type EndpointOptions, endpoints, ok } from '../endpoint.ts';

/** Adds the operations on log lines. */
export function addLogRoutes(app: FastifyInstance, options: EndpointOptions, context: Context): void {
  const { post } = endpoints(app, options, 'Logs');

  post('/logs/', {
    summary: 'Keep log lines',
    body: LogsBody,
    responses: { 201: z.null() },
    handler: async ({ body }) => {
      await createLogs(context, body);
      return { status: 201, value: null };
    },
  });
  post('/logs/filter', {
    summary: 'List log lines',
    body: LogFilterBody,
    bodyOptional: true,
    limited: true,
    responses: { 200: z.array(Log) },
    handler: async ({ body }) => ok(await filterLogs(context, body)),
  });
}
