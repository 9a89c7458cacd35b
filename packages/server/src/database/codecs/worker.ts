import { wireTimestamp } from '@mintaka/contract';
import type { Selectable } from 'kysely';
import type { Tables } from '../tables.ts';

/** A worker as the API answers it. */
export type WorkerResponse = {
  id: string;
  created: string;
  updated: string;
  name: string;
  work_pool_id: string;
  last_heartbeat_time: string;
};

/** A worker as the API answers it. */
export function workerFromRow(row: Selectable<Tables['worker']>): WorkerResponse {
  return {
    id: row.id,
    created: wireTimestamp(row.created),
    updated: wireTimestamp(row.updated),
    name: row.name,
    work_pool_id: row.work_pool_id,
    last_heartbeat_time: wireTimestamp(row.last_heartbeat_time),
  };
}
