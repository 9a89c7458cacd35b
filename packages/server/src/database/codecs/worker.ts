import type { Worker } from '@mintaka/contract';
import type { Selectable } from 'kysely';
import type { Tables } from '../tables.ts';

export type { Worker as WorkerResponse } from '@mintaka/contract';

/** A worker in the API's form. */
export function workerFromRow(row: Selectable<Tables['worker']>): Worker {
  return {
    id: row.id,
    created: row.created,
    updated: row.updated,
    name: row.name,
    work_pool_id: row.work_pool_id,
    last_heartbeat_time: row.last_heartbeat_time,
  };
}
