import type { JsonText, JsonValue, QueueFilter, WorkQueue } from '@mintaka/contract';
import type { Selectable } from 'kysely';
import type { Tables } from '../tables.ts';
import { objectOrNullOf, texts } from './values.ts';

export type { WorkQueue as WorkQueueResponse } from '@mintaka/contract';

/** A work queue in the API's form. */
export function workQueueFromRow(row: Selectable<Tables['work_queue']>): WorkQueue {
  return {
    id: row.id,
    created: row.created,
    updated: row.updated,
    name: row.name,
    description: row.description,
    is_paused: row.is_paused,
    concurrency_limit: row.concurrency_limit,
    priority: row.priority,
    work_pool_id: row.work_pool_id,
    filter: queueFilter(row.filter),
    last_polled: row.last_polled,
  };
}

/** A queue's stored filter with all fields. */
export function queueFilter(stored: JsonText | null): QueueFilter | null {
  const filter = objectOrNullOf(stored);
  if (filter === null) return null;
  const { tags, deployment_ids } = filter;
  return { tags: textsOrNull(tags), deployment_ids: textsOrNull(deployment_ids) };
}

function textsOrNull(value: JsonValue | undefined): string[] | null {
  return value === undefined || value === null ? null : texts(value);
}
