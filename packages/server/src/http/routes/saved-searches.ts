import type { Operations } from '@mintaka/contract';
import type { Context } from '../../domain/context.ts';
import {
  deleteSavedSearch,
  filterSavedSearches,
  readSavedSearch,
  saveSearch,
} from '../../domain/saved-searches.ts';
import { createdOrFound, type Handlers, noContent, ok } from '../handler.ts';

/** Handles the operations on saved searches. */
export function savedSearchHandlers(context: Context): Handlers<Operations['savedSearches']> {
  return {
    save: ({ body }) => createdOrFound(saveSearch(context, body)),
    read: ({ params }) => ok(readSavedSearch(context, params.id)),
    filter: ({ body }) => ok(filterSavedSearches(context, body)),
    delete: ({ params }) => noContent(deleteSavedSearch(context, params.id)),
  };
}
