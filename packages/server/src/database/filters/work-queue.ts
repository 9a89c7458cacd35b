import type { WorkQueueFilter } from '@mintaka/contract';
import type { Bindings } from '../dialects/bindings.ts';
import { type Condition, combine, isAny, isGiven, type Loose } from './conditions.ts';

/** Criteria for work queues. */
export type WorkQueueCriteria = Loose<WorkQueueFilter>;

/** The condition of a filter on a row of `work_queue`. */
export function workQueueWhere(filter: WorkQueueCriteria, bindings: Bindings): Condition {
  return combine(filter.operator, [
    isAny('work_queue.id', filter.id, bindings),
    isQueueNamed(filter.name, bindings),
  ]);
}

function isQueueNamed(filter: WorkQueueCriteria['name'], bindings: Bindings): Condition | undefined {
  if (!isGiven(filter)) return undefined;
  const { any_, startswith_ } = filter;
  // Unlike an empty `any_`, an empty list of prefixes is no criterion, and then the name has no condition.
  if (isGiven(startswith_) && startswith_.length === 0 && !isGiven(any_)) return undefined;
  return combine('and_', [
    isGiven(any_) ? bindings.isAnyOf('work_queue.name', any_) : undefined,
    isGiven(startswith_) && startswith_.length > 0
      ? bindings.startsWithAnyOf('work_queue.name', startswith_)
      : undefined,
  ]);
}
