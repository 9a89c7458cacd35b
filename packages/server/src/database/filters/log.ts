import type { LogFilter } from '@mintaka/contract';
import type { Bindings } from '../dialects/bindings.ts';
import { type Condition, combine, eb, isAny, isGiven, isWithin, type Loose } from './conditions.ts';

/** Criteria for logs. */
export type LogCriteria = Loose<LogFilter>;

/** The condition of a filter on a row of `log`. */
export function logWhere(filter: LogCriteria, bindings: Bindings): Condition {
  return combine(filter.operator, [
    hasLevel(filter.level),
    isWithin('log.timestamp', filter.timestamp),
    isAny('log.flow_run_id', filter.flow_run_id, bindings),
    isAny('log.task_run_id', filter.task_run_id, bindings),
  ]);
}

function hasLevel(filter: LogCriteria['level']): Condition | undefined {
  if (!isGiven(filter)) return undefined;
  return combine('and_', [
    isGiven(filter.ge_) ? eb('log.level', '>=', level(filter.ge_)) : undefined,
    isGiven(filter.le_) ? eb('log.level', '<=', level(filter.le_)) : undefined,
  ]);
}

// The column is a small integer on Postgres; a larger bound must not be refused as out of range.
function level(bound: number) {
  const safe = Math.max(Number.MIN_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, bound));
  return eb.cast<number>(eb.val(safe), 'bigint');
}
