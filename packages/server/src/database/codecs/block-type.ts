import type { BlockType } from '@mintaka/contract';
import type { Selectable } from 'kysely';
import type { Tables } from '../tables.ts';

/** A block type in the API's form. */
export function blockTypeFromRow(row: Selectable<Tables['block_type']>): BlockType {
  return {
    id: row.id,
    created: row.created,
    updated: row.updated,
    name: row.name,
    slug: row.slug,
    logo_url: row.logo_url,
    documentation_url: row.documentation_url,
    description: row.description,
    code_example: row.code_example,
    is_protected: row.is_protected,
  };
}
