import type { Bindings } from '../dialects/dialect.ts';
import {
  type AnyFilter,
  type Condition,
  combine,
  eb,
  isAny,
  isGiven,
  isWithin,
  type Operator,
  type TimeFilter,
} from './conditions.ts';

type LevelFilter = {
  readonly ge_?: number | null | undefined;
  readonly le_?: number | null | undefined;
};

/** Criteria for logs. */
export type LogCriteria = {
  readonly operator?: Operator | undefined;
  readonly level?: LevelFilter | null | undefined;
  readonly timestamp?: Pick<TimeFilter, 'before_' | 'after_'> | null | undefined;
  readonly flow_run_id?: AnyFilter | null | undefined;
  readonly task_run_id?: AnyFilter | null | undefined;
};

/** What a filter says about a row of `log`. */
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

/** Levels are small integers in the database: a bound beyond them says the same as the outermost one. */
function level(bound: number): number {
  return Math.max(-32768, Math.min(32767, bound));
}
