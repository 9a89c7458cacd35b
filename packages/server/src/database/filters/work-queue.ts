import type { WorkQueueFilter } from '@mintaka/contract';
import type { Bindings } from '../dialects/bindings.ts';
import { type Condition, combine, isAny, isGiven, type Loose } from './conditions.ts';

/** Criteria for work queues. */
export type WorkQueueCriteria = Loose<WorkQueueFilter>;

/** What a filter says about a row of `work_queue`. */
export function workQueueWhere(filter: WorkQueueCriteria, bindings: Bindings): Condition {
  return combine(filter.operator, [
    isAny('work_queue.id', filter.id, bindings),
    isQueueNamed(filter.name, bindings),
  ]);
}

function isQueueNamed(filter: WorkQueueCriteria['name'], bindings: Bindings): Condition | undefined {
  if (!isGiven(filter)) return undefined;
  const { any_, startswith_ } = filter;
  // Unlike an empty `any_`, an empty list of beginnings asks for nothing, and then the name was not asked for either.
  if (isGiven(startswith_) && startswith_.length === 0 && !isGiven(any_)) return undefined;
  return combine('and_', [
    isGiven(any_) ? bindings.isAnyOf('work_queue.name', any_) : undefined,
    isGiven(startswith_) && startswith_.length > 0
      ? bindings.startsWithAnyOf('work_queue.name', startswith_)
      : undefined,
  ]);
}
