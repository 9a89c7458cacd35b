import type { BlockTypeFilter } from '@mintaka/contract';
import type { Bindings } from '../dialects/bindings.ts';
import { type Condition, combine, isAny, isNamed, type Loose } from './conditions.ts';

/** Criteria for block types. */
export type BlockTypeCriteria = Loose<BlockTypeFilter>;

/** The condition of a filter on a row of `block_type`. */
export function blockTypeWhere(filter: BlockTypeCriteria, bindings: Bindings): Condition {
  return combine('and_', [
    isNamed('block_type.name', filter.name, bindings),
    isAny('block_type.slug', filter.slug, bindings),
  ]);
}
