import type { DeploymentFilter } from '@mintaka/contract';
import type { Bindings } from '../dialects/bindings.ts';
import { type Condition, combine, isAny, isFlagged, isNamed, isTagged, type Loose } from './conditions.ts';

/** Criteria for deployments. */
export type DeploymentCriteria = Loose<DeploymentFilter>;

/** The condition of a filter on a row of `deployment`. */
export function deploymentWhere(filter: DeploymentCriteria, bindings: Bindings): Condition {
  return combine(filter.operator, [
    isAny('deployment.id', filter.id, bindings),
    isNamed('deployment.name', filter.name, bindings),
    isFlagged('deployment.is_schedule_active', filter.is_schedule_active),
    isTagged('deployment.tags', filter.tags, bindings),
    isAny('deployment.work_queue_name', filter.work_queue_name, bindings),
  ]);
}
