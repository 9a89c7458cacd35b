import type { WorkPoolFilter } from '@mintaka/contract';
import type { Bindings } from '../dialects/bindings.ts';
import { type Condition, combine, isAny, type Loose } from './conditions.ts';

/** Criteria for work pools. */
export type WorkPoolCriteria = Loose<WorkPoolFilter>;

/** The condition of a filter on a row of `work_pool`. */
export function workPoolWhere(filter: WorkPoolCriteria, bindings: Bindings): Condition {
  return combine(filter.operator, [
    isAny('work_pool.id', filter.id, bindings),
    isAny('work_pool.name', filter.name, bindings),
    isAny('work_pool.type', filter.type, bindings),
  ]);
}
