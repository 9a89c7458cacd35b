import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { isReady } from '../../domain/administration.ts';
import type { Context } from '../../domain/context.ts';
import { type EndpointOptions, endpoints, ok } from '../endpoint.ts';
import { apiVersion } from '../version.ts';

/** Adds the operations that tell whether there is a server, and which. */
export function addRootRoutes(app: FastifyInstance, options: EndpointOptions, context: Context): void {
  const { get } = endpoints(app, options, 'Root');

  get('/health', {
    summary: 'Tell that the server answers',
    anyVersion: true,
    responses: { 200: z.literal(true) },
    handler: async () => ok(true),
  });
  get('/ready', {
    summary: 'Tell that the server can work: its database answers and has the schema',
    anyVersion: true,
    responses: { 200: z.literal(true), 503: z.literal(false) },
    handler: async () => ((await isReady(context)) ? ok(true) : { status: 503, value: false }),
  });
  get('/version', {
    summary: 'Read the version of the API',
    anyVersion: true,
    responses: { 200: z.string() },
    handler: async () => ok(apiVersion),
  });
  get('/hello', {
    summary: 'Say hello',
    responses: { 200: z.string() },
    handler: async () => ok('👋'),
  });
}
