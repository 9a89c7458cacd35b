import type { Bindings } from '../dialects/dialect.ts';
import { type AnyFilter, type Condition, combine, isAny, isNamed } from './conditions.ts';

/** Criteria for block types. */
export type BlockTypeCriteria = {
  readonly name?: { readonly like_?: string | null | undefined } | null | undefined;
  readonly slug?: AnyFilter | null | undefined;
};

/** What a filter says about a row of `block_type`. */
export function blockTypeWhere(filter: BlockTypeCriteria, bindings: Bindings): Condition {
  return combine('and_', [
    isNamed('block_type.name', filter.name, bindings),
    isAny('block_type.slug', filter.slug, bindings),
  ]);
}
