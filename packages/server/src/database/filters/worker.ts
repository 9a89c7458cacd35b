import { type Condition, combine, isWithin, type Operator, type TimeFilter } from './conditions.ts';

/** Criteria for workers. */
export type WorkerCriteria = {
  readonly operator?: Operator | undefined;
  readonly last_heartbeat_time?: Pick<TimeFilter, 'before_' | 'after_'> | null | undefined;
};

/** What a filter says about a row of `worker`. */
export function workerWhere(filter: WorkerCriteria): Condition {
  return combine(filter.operator, [isWithin('worker.last_heartbeat_time', filter.last_heartbeat_time)]);
}
