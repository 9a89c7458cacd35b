import type { WorkPool } from '@mintaka/contract';
import type { Selectable } from 'kysely';
import type { Tables } from '../tables.ts';
import { objectText } from './values.ts';

export type { WorkPool as WorkPoolResponse } from '@mintaka/contract';

/** A work pool in the API's form. */
export function workPoolFromRow(row: Selectable<Tables['work_pool']>): WorkPool {
  return {
    id: row.id,
    created: row.created,
    updated: row.updated,
    name: row.name,
    description: row.description,
    type: row.type,
    base_job_template: objectText(row.base_job_template),
    is_paused: row.is_paused,
    concurrency_limit: row.concurrency_limit,
    default_queue_id: row.default_queue_id,
  };
}
