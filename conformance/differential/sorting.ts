import { type Json, member } from './json.ts';

/**
 * The value by which a list is sorted; undefined if it is sorted by random ids or the sort is unknown. `NAME_ASC_WHOLE` is a
 * list whose window the reference cuts in arbitrary order, and then sorts by name.
 */
export function sortKey(sort: string | undefined): ((item: Json) => Json) | undefined {
  switch (sort) {
    case 'START_TIME_ASC':
    case 'START_TIME_DESC':
      return (item) => member(item, 'start_time') ?? member(item, 'expected_start_time') ?? null;
    case 'EXPECTED_START_TIME_ASC':
    case 'EXPECTED_START_TIME_DESC':
      return (item) => member(item, 'expected_start_time') ?? null;
    case 'NEXT_SCHEDULED_START_TIME_ASC':
      return (item) => member(item, 'next_scheduled_start_time') ?? null;
    case 'END_TIME_DESC':
      return (item) => member(item, 'end_time') ?? null;
    case 'NAME_ASC':
    case 'NAME_ASC_WHOLE':
    case 'NAME_DESC':
      return (item) => member(item, 'name') ?? null;
    case 'TIMESTAMP_ASC':
    case 'TIMESTAMP_DESC':
      return (item) => member(item, 'timestamp') ?? null;
    case 'LEVEL_ASC':
    case 'LEVEL_DESC':
      return (item) => member(item, 'level') ?? null;
    case 'TAG_ASC':
      return (item) => member(item, 'tag') ?? null;
    case 'CREATED_DESC':
      return (item) => member(item, 'created') ?? null;
    case 'UPDATED_DESC':
      return (item) => member(item, 'updated') ?? null;
    default:
      return undefined;
  }
}
