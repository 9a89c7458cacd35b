import type { Bindings } from '../dialects/dialect.ts';
import {
  type AnyFilter,
  type Condition,
  combine,
  isAny,
  isNamed,
  isTagged,
  type NameFilter,
  type Operator,
  type TagsFilter,
} from './conditions.ts';

/** Criteria for flows. */
export type FlowCriteria = {
  readonly operator?: Operator | undefined;
  readonly id?: AnyFilter | null | undefined;
  readonly name?: NameFilter | null | undefined;
  readonly tags?: TagsFilter | null | undefined;
};

/** What a filter says about a row of `flow`. */
export function flowWhere(filter: FlowCriteria, bindings: Bindings): Condition {
  return combine(filter.operator, [
    isAny('flow.id', filter.id, bindings),
    isNamed('flow.name', filter.name, bindings),
    isTagged('flow.tags', filter.tags, bindings),
  ]);
}
