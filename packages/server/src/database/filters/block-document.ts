import type { BlockDocumentFilter } from '@mintaka/contract';
import type { Bindings } from '../dialects/bindings.ts';
import { type Condition, combine, isAny, isFlagged, type Loose } from './conditions.ts';

/** Criteria for block documents. */
export type BlockDocumentCriteria = Loose<BlockDocumentFilter>;

/** The condition of a filter on a row of `block_document`. */
export function blockDocumentWhere(filter: BlockDocumentCriteria, bindings: Bindings): Condition {
  return combine(filter.operator, [
    isAny('block_document.id', filter.id, bindings),
    isFlagged('block_document.is_anonymous', filter.is_anonymous),
    isAny('block_document.block_type_id', filter.block_type_id, bindings),
    isAny('block_document.name', filter.name, bindings),
  ]);
}
