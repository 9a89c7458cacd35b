import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { type EndpointOptions, endpoints, ok } from '../endpoint.ts';
import { apiVersion } from '../version.ts';

/** Adds the operations that tell whether there is a server, and which. */
export function addRootRoutes(app: FastifyInstance, options: EndpointOptions): void {
  const { get } = endpoints(app, options, 'Root');

  get('/health', {
    summary: 'Tell that the server answers',
    anyVersion: true,
    responses: { 200: z.literal(true) },
    handler: async () => ok(true),
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
