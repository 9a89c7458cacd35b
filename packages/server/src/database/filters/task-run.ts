import type { TaskRunFilter } from '@mintaka/contract';
import type { Bindings } from '../dialects/bindings.ts';
import {
  type Condition,
  combine,
  eb,
  isAny,
  isGiven,
  isInState,
  isNamed,
  isTagged,
  isWithinOrNull,
  type Loose,
} from './conditions.ts';

/** Criteria for task runs; `subflow_runs` asks whether a task run represents a subflow in its parent. */
export type TaskRunCriteria = Loose<TaskRunFilter>;

/** The condition of a filter on a row of `task_run`. */
export function taskRunWhere(filter: TaskRunCriteria, bindings: Bindings): Condition {
  return combine(filter.operator, [
    isAny('task_run.id', filter.id, bindings),
    isNamed('task_run.name', filter.name, bindings),
    isTagged('task_run.tags', filter.tags, bindings),
    isInState('task_run', filter.state, bindings),
    isWithinOrNull('task_run.start_time', filter.start_time),
    hasSubflow(filter.subflow_runs),
  ]);
}

function hasSubflow(filter: TaskRunCriteria['subflow_runs']): Condition | undefined {
  if (!isGiven(filter)) return undefined;
  if (!isGiven(filter.exists_)) return true;
  const subflow = eb
    .selectFrom('flow_run')
    .select(eb.lit(1).as('one'))
    .whereRef('flow_run.parent_task_run_id', '=', 'task_run.id');
  return filter.exists_ ? eb.exists(subflow) : eb.not(eb.exists(subflow));
}
