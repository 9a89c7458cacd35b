import type { ConcurrencyLimit } from '@mintaka/contract';
import type { Selectable } from 'kysely';
import type { Tables } from '../tables.ts';
import { textsOf } from './values.ts';

export type { ConcurrencyLimit as ConcurrencyLimitResponse } from '@mintaka/contract';

/** A concurrency limit in the API's form. */
export function concurrencyLimitFromRow(row: Selectable<Tables['concurrency_limit']>): ConcurrencyLimit {
  return {
    id: row.id,
    created: row.created,
    updated: row.updated,
    tag: row.tag,
    concurrency_limit: row.concurrency_limit,
    active_slots: textsOf(row.active_slots),
  };
}
