import type * as z from 'zod';
import { json, list, model, text } from '../wire/index.ts';
import { identity } from './fields.ts';

/** One criterion of a saved search. */
export const SavedSearchFilter = model('SavedSearchFilter', {
  object: text(),
  property: text(),
  type: text(),
  operation: text(),
  value: json(),
});
export type SavedSearchFilter = z.output<typeof SavedSearchFilter>;
/** SavedSearchFilter as a client sends it. */
export type SavedSearchFilterInput = z.input<typeof SavedSearchFilter>;

/** A search to save under its name. */
export const SavedSearchCreate = model(
  'SavedSearchCreate',
  { name: text(), filters: list(SavedSearchFilter).optional() },
  { extra: 'forbid' },
);
export type SavedSearchCreate = z.output<typeof SavedSearchCreate>;
/** SavedSearchCreate as a client sends it. */
export type SavedSearchCreateInput = z.input<typeof SavedSearchCreate>;

/** A saved search. */
export const SavedSearch = model('SavedSearch', {
  ...identity,
  name: text(),
  filters: list(SavedSearchFilter),
});
export type SavedSearch = z.output<typeof SavedSearch>;
