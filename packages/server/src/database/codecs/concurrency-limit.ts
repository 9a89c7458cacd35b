import { wireTimestamp } from '@mintaka/contract';
import type { Selectable } from 'kysely';
import type { Tables } from '../tables.ts';
import { texts } from './values.ts';

/** A limit on running task runs with a tag, as the API answers it; `active_slots` are the ids of those that hold one. */
export type ConcurrencyLimitResponse = {
  id: string;
  created: string;
  updated: string;
  tag: string;
  concurrency_limit: number;
  active_slots: string[];
};

/** A concurrency limit as the API answers it. */
export function concurrencyLimitFromRow(
  row: Selectable<Tables['concurrency_limit']>,
): ConcurrencyLimitResponse {
  return {
    id: row.id,
    created: wireTimestamp(row.created),
    updated: wireTimestamp(row.updated),
    tag: row.tag,
    concurrency_limit: row.concurrency_limit,
    active_slots: texts(row.active_slots),
  };
}
