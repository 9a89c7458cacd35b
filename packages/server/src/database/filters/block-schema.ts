import type { BlockSchemaFilter } from '@mintaka/contract';
import type { Bindings } from '../dialects/bindings.ts';
import { type Condition, combine, hasAll, isAny, isGiven, type Loose } from './conditions.ts';

/** Criteria for block schemas; `block_capabilities` requires all of the given ones. */
export type BlockSchemaCriteria = Loose<BlockSchemaFilter>;

/** The condition of a filter on a row of `block_schema`. */
export function blockSchemaWhere(filter: BlockSchemaCriteria, bindings: Bindings): Condition {
  return combine(filter.operator, [
    isAny('block_schema.block_type_id', filter.block_type_id, bindings),
    hasCapabilities(filter.block_capabilities, bindings),
    isAny('block_schema.id', filter.id, bindings),
    isAny('block_schema.version', filter.version, bindings),
  ]);
}

function hasCapabilities(
  filter: BlockSchemaCriteria['block_capabilities'],
  bindings: Bindings,
): Condition | undefined {
  if (!isGiven(filter)) return undefined;
  return isGiven(filter.all_) ? hasAll('block_schema.capabilities', filter.all_, bindings) : true;
}
