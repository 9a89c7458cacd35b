import type { Bindings } from '../dialects/dialect.ts';
import {
  type AnyFilter,
  type Condition,
  combine,
  isAny,
  isAnyOrNull,
  isGiven,
  isInState,
  isNamed,
  isTagged,
  isWithin,
  isWithinOrNull,
  type NameFilter,
  type NullableFilter,
  type Operator,
  type StateFilter,
  type TagsFilter,
  type TimeFilter,
} from './conditions.ts';

type FlowRunIdFilter = AnyFilter & { readonly not_any_?: readonly string[] | null | undefined };

/** Criteria for flow runs. */
export type FlowRunCriteria = {
  readonly operator?: Operator | undefined;
  readonly id?: FlowRunIdFilter | null | undefined;
  readonly name?: NameFilter | null | undefined;
  readonly tags?: TagsFilter | null | undefined;
  readonly deployment_id?: NullableFilter | null | undefined;
  readonly work_queue_name?: NullableFilter | null | undefined;
  readonly state?: StateFilter | null | undefined;
  readonly flow_version?: AnyFilter | null | undefined;
  readonly start_time?: TimeFilter | null | undefined;
  readonly expected_start_time?: TimeFilter | null | undefined;
  readonly next_scheduled_start_time?: TimeFilter | null | undefined;
  readonly parent_task_run_id?: NullableFilter | null | undefined;
};

/** What a filter says about a row of `flow_run`. */
export function flowRunWhere(filter: FlowRunCriteria, bindings: Bindings): Condition {
  return combine(filter.operator, [
    hasId(filter.id, bindings),
    isNamed('flow_run.name', filter.name, bindings),
    isTagged('flow_run.tags', filter.tags, bindings),
    isAnyOrNull('flow_run.deployment_id', filter.deployment_id, bindings),
    isAnyOrNull('flow_run.work_queue_name', filter.work_queue_name, bindings),
    isAny('flow_run.flow_version', filter.flow_version, bindings),
    isInState('flow_run', filter.state, bindings),
    isWithinOrNull('flow_run.start_time', filter.start_time),
    isWithin('flow_run.expected_start_time', filter.expected_start_time),
    isWithin('flow_run.next_scheduled_start_time', filter.next_scheduled_start_time),
    isAnyOrNull('flow_run.parent_task_run_id', filter.parent_task_run_id, bindings),
  ]);
}

function hasId(filter: FlowRunCriteria['id'], bindings: Bindings): Condition | undefined {
  if (!isGiven(filter)) return undefined;
  return combine('and_', [
    isAny('flow_run.id', filter, bindings),
    isGiven(filter.not_any_) ? bindings.isNoneOf('flow_run.id', filter.not_any_) : undefined,
  ]);
}
