import { type JsonValue, wireTimestamp } from '@mintaka/contract';
import type { Selectable } from 'kysely';
import type { Tables } from '../tables.ts';
import { object, text } from './values.ts';

/** One criterion of a saved search, as the UI wrote it. */
export type SavedSearchFilterResponse = {
  object: string;
  property: string;
  type: string;
  operation: string;
  value: JsonValue;
};

/** A saved search as the API answers it. */
export type SavedSearchResponse = {
  id: string;
  created: string;
  updated: string;
  name: string;
  filters: SavedSearchFilterResponse[];
};

/** A saved search as the API answers it. */
export function savedSearchFromRow(row: Selectable<Tables['saved_search']>): SavedSearchResponse {
  return {
    id: row.id,
    created: wireTimestamp(row.created),
    updated: wireTimestamp(row.updated),
    name: row.name,
    filters: Array.isArray(row.filters) ? row.filters.map(criterion) : [],
  };
}

function criterion(stored: JsonValue): SavedSearchFilterResponse {
  const fields = object(stored);
  return {
    object: text(fields.object) ?? '',
    property: text(fields.property) ?? '',
    type: text(fields.type) ?? '',
    operation: text(fields.operation) ?? '',
    value: fields.value ?? null,
  };
}
