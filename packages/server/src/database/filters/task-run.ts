import type { Bindings } from '../dialects/dialect.ts';
import {
  type AnyFilter,
  type Condition,
  combine,
  eb,
  isAny,
  isGiven,
  isInState,
  isNamed,
  isTagged,
  isWithinOrNull,
  type NameFilter,
  type Operator,
  type StateFilter,
  type TagsFilter,
  type TimeFilter,
} from './conditions.ts';

/** Criteria for task runs; `subflow_runs` asks whether a task run stands for a subflow in its parent. */
export type TaskRunCriteria = {
  readonly operator?: Operator | undefined;
  readonly id?: AnyFilter | null | undefined;
  readonly name?: NameFilter | null | undefined;
  readonly tags?: TagsFilter | null | undefined;
  readonly state?: StateFilter | null | undefined;
  readonly start_time?: TimeFilter | null | undefined;
  readonly subflow_runs?: { readonly exists_?: boolean | null | undefined } | null | undefined;
};

/** What a filter says about a row of `task_run`. */
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
