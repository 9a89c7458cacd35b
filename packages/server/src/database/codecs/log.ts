import type { Log } from '@mintaka/contract';
import type { Selectable } from 'kysely';
import type { Tables } from '../tables.ts';

export type { Log as LogResponse } from '@mintaka/contract';

/** A log in the API's form. */
export function logFromRow(row: Selectable<Tables['log']>): Log {
  return {
    id: row.id,
    created: row.created,
    updated: row.updated,
    name: row.name,
    level: row.level,
    message: row.message,
    timestamp: row.timestamp,
    flow_run_id: row.flow_run_id,
    task_run_id: row.task_run_id,
  };
}
