import type { JsonObject } from '@mintaka/contract';
import { type CatalogBlock, catalog } from './catalog/index.ts';
import { schemaChecksum } from './checksum.ts';

/** The schema of a block of the catalog, as a client would send it, with its checksum. */
export type CatalogSchema = { fields: JsonObject; checksum: string };

const bySlug = new Map(catalog.map((block) => [block.slug, block]));
const schemas = new Map<CatalogBlock, CatalogSchema>();

/** The schema of a block of the catalog; built once. */
export function catalogSchema(block: CatalogBlock): CatalogSchema {
  const known = schemas.get(block);
  if (known !== undefined) return known;
  const fields = fieldsOf(block);
  const schema = { fields, checksum: schemaChecksum(fields) };
  schemas.set(block, schema);
  return schema;
}

function fieldsOf(block: CatalogBlock): JsonObject {
  const references = new Map<string, JsonObject>();
  const definitions = new Map(Object.entries(block.definitions ?? {}));
  for (const [field, slug] of Object.entries(block.blocks ?? {})) {
    const inner = bySlug.get(slug);
    if (inner === undefined) throw new Error(`the catalog has no block type '${slug}'`);
    const { fields, checksum } = catalogSchema(inner);
    references.set(field, { block_type_slug: slug, block_schema_checksum: checksum });
    definitions.set(inner.title, fields);
  }
  return {
    title: block.title,
    description: block.description,
    type: 'object',
    properties: block.properties,
    ...(block.required === undefined ? {} : { required: [...block.required] }),
    block_type_slug: block.slug,
    secret_fields: [...block.secretFields],
    block_schema_references: Object.fromEntries(references),
    ...(definitions.size === 0 ? {} : { definitions: Object.fromEntries(definitions) }),
  };
}
