import {
  type JsonText,
  type JsonValue,
  jsonText,
  type SavedSearch,
  type SavedSearchFilter,
} from '@mintaka/contract';
import type { Selectable } from 'kysely';
import type { Tables } from '../tables.ts';
import { object, text } from './values.ts';

export type { SavedSearch as SavedSearchResponse } from '@mintaka/contract';

/** A saved search in the API's form. */
export function savedSearchFromRow(row: Selectable<Tables['saved_search']>): SavedSearch {
  return {
    id: row.id,
    created: row.created,
    updated: row.updated,
    name: row.name,
    filters: criteria(row.filters),
  };
}

function criteria(stored: JsonText): SavedSearchFilter[] {
  const filters = stored.parseExactly();
  return Array.isArray(filters) ? filters.map(criterion) : [];
}

function criterion(stored: JsonValue): SavedSearchFilter {
  const fields = object(stored);
  return {
    object: text(fields.object) ?? '',
    property: text(fields.property) ?? '',
    type: text(fields.type) ?? '',
    operation: text(fields.operation) ?? '',
    value: jsonText(fields.value ?? null),
  };
}
