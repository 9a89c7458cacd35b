import type { FlowRunFilter } from '@mintaka/contract';
import type { Bindings } from '../dialects/bindings.ts';
import {
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
  type Loose,
} from './conditions.ts';

/** Criteria for flow runs. */
export type FlowRunCriteria = Loose<FlowRunFilter>;

/** The condition of a filter on a row of `flow_run`. */
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
