import { IdPath, PageBody, SavedSearch, SavedSearchCreate } from '@mintaka/contract';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Context } from '../../domain/context.ts';
import {
  deleteSavedSearch,
  filterSavedSearches,
  readSavedSearch,
  saveSearch,
} from '../../domain/saved-searches.ts';
import { done, type EndpointOptions, endpoints, made, ok } from '../endpoint.ts';

/** Adds the operations on saved searches. */
export function addSavedSearchRoutes(app: FastifyInstance, options: EndpointOptions, context: Context): void {
  const { get, post, put, del } = endpoints(app, options, 'Saved Searches');

  put('/saved_searches/', {
    summary: 'Keep a search under its name',
    body: SavedSearchCreate,
    responses: { 200: SavedSearch, 201: SavedSearch },
    handler: async ({ body }) => made(await saveSearch(context, body)),
  });
  get('/saved_searches/:id', {
    summary: 'Read a saved search',
    params: IdPath,
    refuses: [404],
    responses: { 200: SavedSearch },
    handler: async ({ params }) => ok(await readSavedSearch(context, params.id)),
  });
  post('/saved_searches/filter', {
    summary: 'List saved searches',
    body: PageBody,
    bodyOptional: true,
    limited: true,
    responses: { 200: z.array(SavedSearch) },
    handler: async ({ body }) => ok(await filterSavedSearches(context, body)),
  });
  del('/saved_searches/:id', {
    summary: 'Forget a saved search',
    params: IdPath,
    refuses: [404],
    responses: { 204: undefined },
    handler: async ({ params }) => {
      await deleteSavedSearch(context, params.id);
      return done;
    },
  });
}
