import type { Bindings } from '../dialects/dialect.ts';
import {
  type AnyFilter,
  type Condition,
  combine,
  type FlagFilter,
  isAny,
  isFlagged,
  isNamed,
  isTagged,
  type NameFilter,
  type Operator,
  type TagsFilter,
} from './conditions.ts';

/** Criteria for deployments. */
export type DeploymentCriteria = {
  readonly operator?: Operator | undefined;
  readonly id?: AnyFilter | null | undefined;
  readonly name?: NameFilter | null | undefined;
  readonly is_schedule_active?: FlagFilter | null | undefined;
  readonly tags?: TagsFilter | null | undefined;
  readonly work_queue_name?: AnyFilter | null | undefined;
};

/** What a filter says about a row of `deployment`. */
export function deploymentWhere(filter: DeploymentCriteria, bindings: Bindings): Condition {
  return combine(filter.operator, [
    isAny('deployment.id', filter.id, bindings),
    isNamed('deployment.name', filter.name, bindings),
    isFlagged('deployment.is_schedule_active', filter.is_schedule_active),
    isTagged('deployment.tags', filter.tags, bindings),
    isAny('deployment.work_queue_name', filter.work_queue_name, bindings),
  ]);
}
