import type { BlockSchema, BlockType } from '@mintaka/contract';
import type { InferResult } from 'kysely';
import { blockTypeFromRow } from './block-type.ts';
import { oncePerBuilder } from './once.ts';
import { objectText, textsOf } from './values.ts';

/** A block schema in the API's form; its type is always set. */
export type BlockSchemaResponse = BlockSchema & { block_type_id: string; block_type: BlockType };

/** Block schemas with their block types (`type_*`). */
export const selectBlockSchemas = oncePerBuilder((sql) =>
  sql
    .selectFrom('block_schema')
    .innerJoin('block_type', 'block_type.id', 'block_schema.block_type_id')
    .select([
      'block_schema.id',
      'block_schema.created',
      'block_schema.updated',
      'block_schema.checksum',
      'block_schema.fields',
      'block_schema.block_type_id',
      'block_schema.capabilities',
      'block_schema.version',
    ])
    .select([
      'block_type.created as type_created',
      'block_type.updated as type_updated',
      'block_type.name as type_name',
      'block_type.slug as type_slug',
      'block_type.logo_url as type_logo_url',
      'block_type.documentation_url as type_documentation_url',
      'block_type.description as type_description',
      'block_type.code_example as type_code_example',
      'block_type.is_protected as type_is_protected',
    ]),
);

/** A row of {@link selectBlockSchemas}. */
export type BlockSchemaRow = InferResult<ReturnType<typeof selectBlockSchemas>>[number];

/** A block schema in the API's form; `fields` as stored, without the definitions of nested schemas. */
export function blockSchemaFromRow(row: BlockSchemaRow): BlockSchemaResponse {
  return {
    id: row.id,
    created: row.created,
    updated: row.updated,
    checksum: row.checksum,
    fields: objectText(row.fields),
    block_type_id: row.block_type_id,
    block_type: blockTypeFromRow({
      id: row.block_type_id,
      created: row.type_created,
      updated: row.type_updated,
      name: row.type_name,
      slug: row.type_slug,
      logo_url: row.type_logo_url,
      documentation_url: row.type_documentation_url,
      description: row.type_description,
      code_example: row.type_code_example,
      is_protected: row.type_is_protected,
    }),
    capabilities: textsOf(row.capabilities),
    version: row.version,
  };
}
