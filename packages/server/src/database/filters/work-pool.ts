import type { Bindings } from '../dialects/dialect.ts';
import { type AnyFilter, type Condition, combine, isAny, type Operator } from './conditions.ts';

/** Criteria for work pools. */
export type WorkPoolCriteria = {
  readonly operator?: Operator | undefined;
  readonly id?: AnyFilter | null | undefined;
  readonly name?: AnyFilter | null | undefined;
  readonly type?: AnyFilter | null | undefined;
};

/** What a filter says about a row of `work_pool`. */
export function workPoolWhere(filter: WorkPoolCriteria, bindings: Bindings): Condition {
  return combine(filter.operator, [
    isAny('work_pool.id', filter.id, bindings),
    isAny('work_pool.name', filter.name, bindings),
    isAny('work_pool.type', filter.type, bindings),
  ]);
}
