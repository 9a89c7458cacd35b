import type { FastifyInstance } from 'fastify';
import type { Context } from '../../domain/context.ts';
import type { EndpointOptions } from '../endpoint.ts';
import { addFlowRoutes } from './flows.ts';

/** Adds every operation of the API, below the prefix that `app` already has. */
export function addRoutes(app: FastifyInstance, context: Context): void {
  const options: EndpointOptions = { pageLimit: context.settings.pageLimit };
  addFlowRoutes(app, options, context);
}
