import type { FlowFilter } from '@mintaka/contract';
import type { Bindings } from '../dialects/bindings.ts';
import { type Condition, combine, isAny, isNamed, isTagged, type Loose } from './conditions.ts';

/** Criteria for flows. */
export type FlowCriteria = Loose<FlowFilter>;

/** The condition of a filter on a row of `flow`. */
export function flowWhere(filter: FlowCriteria, bindings: Bindings): Condition {
  return combine(filter.operator, [
    isAny('flow.id', filter.id, bindings),
    isNamed('flow.name', filter.name, bindings),
    isTagged('flow.tags', filter.tags, bindings),
  ]);
}
