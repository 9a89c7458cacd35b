import { type ConcurrencyLimit, wireTimestamp } from '@mintaka/contract';
import type { Selectable } from 'kysely';
import type { Tables } from '../tables.ts';
import { texts } from './values.ts';

export type { ConcurrencyLimit as ConcurrencyLimitResponse } from '@mintaka/contract';

/** A concurrency limit as the API answers it. */
export function concurrencyLimitFromRow(row: Selectable<Tables['concurrency_limit']>): ConcurrencyLimit {
  return {
    id: row.id,
    created: wireTimestamp(row.created),
    updated: wireTimestamp(row.updated),
    tag: row.tag,
    concurrency_limit: row.concurrency_limit,
    active_slots: texts(row.active_slots),
  };
}
