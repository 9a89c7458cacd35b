import type { ReadSession, WriteSession } from '../../database/database.ts';
import type { Context } from '../context.ts';
import { findBlockTypeBySlug } from './block-types.ts';
import { type CatalogBlock, catalog } from './catalog/index.ts';
import { catalogSchema } from './catalog-schemas.ts';
import { registerSchema } from './schema-registration.ts';

/** Registers all built-in block types with their schemas, unless they exist. */
export function registerCatalog(context: Context): Promise<void> {
  return register(context, catalog);
}

/** Registers the block types of the reference that a server needs, and protects them again if that was changed. */
export function registerProtectedBlocks(context: Context): Promise<void> {
  return register(
    context,
    catalog.filter((block) => block.isProtected === true && block.isOurs !== true),
  );
}

async function register(context: Context, blocks: readonly CatalogBlock[]): Promise<void> {
  const missing = await context.database.read((session) => missingOf(session, blocks));
  if (missing.length === 0) return;
  await context.database.transaction(async (session) => {
    for (const block of missing) await registerBlock(context, session, block);
  });
}

/** The blocks whose type or schema is missing, or whose type has the wrong protection. */
async function missingOf(session: ReadSession, blocks: readonly CatalogBlock[]): Promise<CatalogBlock[]> {
  const types = await session.all(session.sql.selectFrom('block_type').select(['slug', 'is_protected']));
  const schemas = await session.all(session.sql.selectFrom('block_schema').select(['checksum', 'version']));
  const isProtected = new Map(types.map((type) => [type.slug, type.is_protected]));
  const known = new Set(schemas.map(({ checksum, version }) => `${checksum} ${version}`));
  return blocks.filter((block) => {
    const found = isProtected.get(block.slug);
    if (found === undefined || (block.isProtected === true && !found)) return true;
    return !known.has(`${catalogSchema(block).checksum} ${block.version}`);
  });
}

async function registerBlock(context: Context, session: WriteSession, block: CatalogBlock): Promise<void> {
  const type = await provideType(context, session, block);
  if (type === undefined) return;
  if (block.isProtected === true && !type.is_protected) {
    await session.run(
      session.sql
        .updateTable('block_type')
        .set({ is_protected: true, updated: context.clock.now() })
        .where('id', '=', type.id),
    );
  }
  await registerSchema(context, session, {
    fields: catalogSchema(block).fields,
    blockTypeId: type.id,
    capabilities: block.capabilities,
    version: block.version,
  });
}

/** The row of the type; undefined if it was deleted in this very moment. Existing types keep their texts. */
async function provideType(context: Context, session: WriteSession, block: CatalogBlock) {
  const known = await findBlockTypeBySlug(session, block.slug);
  if (known !== undefined) return known;
  const now = context.clock.now();
  await session.run(
    session.sql
      .insertInto('block_type')
      .values({
        id: context.random.id(),
        created: now,
        updated: now,
        name: block.name,
        slug: block.slug,
        logo_url: block.logoUrl,
        documentation_url: block.documentationUrl,
        description: block.description,
        code_example: codeExample(block),
        is_protected: block.isProtected ?? false,
      })
      .onConflict((conflict) => conflict.column('slug').doNothing()),
  );
  return findBlockTypeBySlug(session, block.slug);
}

function codeExample({ example }: CatalogBlock): string | null {
  if (example === undefined) return null;
  const { from, block, as, use } = example;
  const lines = [`from ${from} import ${block}`, '', `${as} = ${block}.load("BLOCK_NAME")`];
  return ['```python', ...lines, ...(use === undefined ? [] : [use]), '```'].join('\n');
}
