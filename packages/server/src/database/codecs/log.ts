import { wireTimestamp } from '@mintaka/contract';
import type { Selectable } from 'kysely';
import type { Tables } from '../tables.ts';

/** A log as the API answers it. */
export type LogResponse = {
  id: string;
  created: string;
  updated: string;
  name: string;
  level: number;
  message: string;
  timestamp: string;
  flow_run_id: string;
  task_run_id: string | null;
};

/** A log as the API answers it. */
export function logFromRow(row: Selectable<Tables['log']>): LogResponse {
  return {
    id: row.id,
    created: wireTimestamp(row.created),
    updated: wireTimestamp(row.updated),
    name: row.name,
    level: row.level,
    message: row.message,
    timestamp: wireTimestamp(row.timestamp),
    flow_run_id: row.flow_run_id,
    task_run_id: row.task_run_id,
  };
}
