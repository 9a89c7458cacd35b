import type { WorkerFilter } from '@mintaka/contract';
import { type Condition, combine, isWithin, type Loose } from './conditions.ts';

/** Criteria for workers. */
export type WorkerCriteria = Loose<WorkerFilter>;

/** The condition of a filter on a row of `worker`. */
export function workerWhere(filter: WorkerCriteria): Condition {
  return combine(filter.operator, [isWithin('worker.last_heartbeat_time', filter.last_heartbeat_time)]);
}
