import * as z from 'zod';
import { IdPath, PageBody, SavedSearch, SavedSearchCreate } from '../schemas/index.ts';
import type { Resource } from './operation.ts';

const tag = 'Saved Searches';

/** The operations on saved searches. */
export const savedSearches = {
  save: {
    method: 'PUT',
    path: '/saved_searches/',
    summary: 'Save a search',
    tag,
    access: 'write',
    body: SavedSearchCreate,
    responses: { 200: SavedSearch, 201: SavedSearch },
  },
  read: {
    method: 'GET',
    path: '/saved_searches/:id',
    summary: 'Read a saved search',
    tag,
    access: 'read',
    params: IdPath,
    refuses: [404],
    responses: { 200: SavedSearch },
  },
  filter: {
    method: 'POST',
    path: '/saved_searches/filter',
    summary: 'List saved searches',
    tag,
    access: 'read',
    body: PageBody,
    bodyOptional: true,
    limited: true,
    responses: { 200: z.array(SavedSearch) },
  },
  delete: {
    method: 'DELETE',
    path: '/saved_searches/:id',
    summary: 'Delete a saved search',
    tag,
    access: 'write',
    params: IdPath,
    refuses: [404],
    responses: { 204: undefined },
  },
} as const satisfies Resource;
