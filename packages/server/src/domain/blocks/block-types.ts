import type { BlockType, BlockTypeCreate, BlockTypeFilterBody, BlockTypeUpdate } from '@mintaka/contract';
import type { Expression, SqlBool } from 'kysely';
import { blockTypeFromRow } from '../../database/codecs/block-type.ts';
import type { ReadSession, WriteSession } from '../../database/database.ts';
import { type BlockSchemaCriteria, blockSchemaWhere } from '../../database/filters/block-schema.ts';
import { blockTypeWhere } from '../../database/filters/block-type.ts';
import { narrow } from '../../database/filters/compose.ts';
import { eb, isGiven } from '../../database/filters/conditions.ts';
import { type Batches, readPiece } from '../batches.ts';
import { proveByRow } from '../commit-proofs.ts';
import type { Context } from '../context.ts';
import { deleteWithChildren } from '../deletion/deletions.ts';
import { IntegrityError, NotFoundError, RefusedError } from '../errors.ts';
import { pageOf } from '../pages.ts';

const notFound = () => new NotFoundError('Block type not found');

/**
 * Creates a block type. If an older type has the same name but another slug, returns the older one, as Prefect does.
 * @throws RefusedError 403 if the name is reserved, 409 if the slug is taken
 */
export async function createBlockType(context: Context, blockType: BlockTypeCreate): Promise<BlockType> {
  if (blockType.name.toLowerCase().startsWith('prefect')) {
    throw new RefusedError(403, "Block type names beginning with 'Prefect' are reserved.");
  }
  try {
    return await context.database.transaction((session) => insertBlockType(context, session, blockType));
  } catch (error) {
    if (!(error instanceof IntegrityError)) throw error;
    throw new RefusedError(409, `Block type with name "${blockType.name}" already exists`);
  }
}

async function insertBlockType(
  context: Context,
  session: WriteSession,
  { name, slug, logo_url, documentation_url, description, code_example }: BlockTypeCreate,
): Promise<BlockType> {
  const id = context.random.id();
  proveByRow(session, 'block_type', id);
  const now = context.clock.now();
  await session.run(
    session.sql.insertInto('block_type').values({
      id,
      created: now,
      updated: now,
      name,
      slug,
      logo_url: logo_url ?? null,
      documentation_url: documentation_url ?? null,
      description: escaped(description),
      code_example: escaped(code_example),
      is_protected: false,
    }),
  );
  const namesakes = session.sql.selectFrom('block_type').selectAll().where('name', '=', name);
  const row = await session.first(namesakes.orderBy('created').orderBy('id').limit(1));
  if (row === undefined) throw notFound();
  return blockTypeFromRow(row);
}

/** The block type with this id. @throws NotFoundError */
export async function readBlockType(context: Context, id: string): Promise<BlockType> {
  const row = await context.database.read((session) =>
    session.first(session.sql.selectFrom('block_type').selectAll().where('id', '=', id)),
  );
  if (row === undefined) throw notFound();
  return blockTypeFromRow(row);
}

/** The block type with this slug. @throws NotFoundError */
export async function readBlockTypeBySlug(context: Context, slug: string): Promise<BlockType> {
  const row = await context.database.read((session) => findBlockTypeBySlug(session, slug));
  if (row === undefined) throw notFound();
  return blockTypeFromRow(row);
}

/** The row of the block type with this slug, if it exists. */
export function findBlockTypeBySlug(session: ReadSession, slug: string) {
  return session.first(session.sql.selectFrom('block_type').selectAll().where('slug', '=', slug));
}

/** One page of the block types that match the filters, by name. */
export function filterBlockTypes(context: Context, body: BlockTypeFilterBody): Batches<BlockType> {
  return readPiece(pageOf(context, body), ({ limit, offset }) =>
    context.database.read(async (session) => {
      const { bindings } = session.dialect;
      let query = session.sql.selectFrom('block_type').selectAll();
      if (body.block_types !== undefined) query = narrow(query, blockTypeWhere(body.block_types, bindings));
      if (body.block_schemas !== undefined) query = query.where(hasSchema(session, body.block_schemas));
      const page = query.orderBy('name').orderBy('id').limit(limit).offset(offset);
      return (await session.all(page)).map(blockTypeFromRow);
    }),
  );
}

function hasSchema(session: ReadSession, filter: BlockSchemaCriteria): Expression<SqlBool> {
  const schema = eb
    .selectFrom('block_schema')
    .select(eb.lit(1).as('one'))
    .whereRef('block_schema.block_type_id', '=', 'block_type.id');
  return eb.exists(narrow(schema, blockSchemaWhere(filter, session.dialect.bindings)));
}

/** Updates the given fields of a block type. @throws NotFoundError */
export async function updateBlockType(context: Context, id: string, changes: BlockTypeUpdate): Promise<void> {
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  const changed = await context.database.transaction((session) =>
    session.run(
      session.sql
        .updateTable('block_type')
        .set({ ...given, updated: context.clock.now() })
        .where('id', '=', id),
    ),
  );
  if (changed === 0) throw notFound();
}

/** Deletes a block type with its schemas and documents. @throws NotFoundError, RefusedError 403 if it is protected */
export async function deleteBlockType(context: Context, id: string): Promise<void> {
  await deleteWithChildren(context, { kind: 'block_type', id }, async (session) => {
    const row = await session.first(
      session.sql.selectFrom('block_type').select('is_protected').where('id', '=', id),
    );
    if (row === undefined) throw notFound();
    if (row.is_protected) throw new RefusedError(403, 'protected block types cannot be deleted.');
  });
}

/** The pages expect descriptive texts with escaped HTML, so they are escaped when a block type is created. */
function escaped(text: string | null | undefined): string | null {
  if (!isGiven(text)) return null;
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
