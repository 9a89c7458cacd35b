import {
  type BlockSchema,
  type BlockSchemaCreate,
  type BlockSchemaFilterBody,
  DEFAULT_BLOCK_SCHEMA_VERSION,
  type JsonObject,
  type JsonText,
  jsonText,
} from '@mintaka/contract';
import { textsOf } from '../../database/codecs/values.ts';
import type { ReadSession } from '../../database/database.ts';
import { blockSchemaWhere } from '../../database/filters/block-schema.ts';
import { narrow } from '../../database/filters/compose.ts';
import { type Batches, readPiece } from '../batches.ts';
import type { Context } from '../context.ts';
import type { Created } from '../created.ts';
import { deleteWithChildren } from '../deletion/deletions.ts';
import { NotFoundError, RefusedError } from '../errors.ts';
import { pageOf } from '../pages.ts';
import { findSchema, registerSchema } from './schema-registration.ts';
import { readSchemas } from './schema-trees.ts';

const notFound = () => new NotFoundError('Block schema not found');

/**
 * Creates a block schema, or returns the existing one with the same checksum and version.
 * @throws NotFoundError if its block type is missing, RefusedError if something that it refers to is missing
 */
export function createBlockSchema(context: Context, body: BlockSchemaCreate): Promise<Created<BlockSchema>> {
  const blockTypeId = body.block_type_id ?? null;
  const fields = body.fields.parseExactly();
  return context.database.transaction(async (session) => {
    if (blockTypeId === null || !(await blockTypeExists(session, blockTypeId))) {
      throw new NotFoundError(`Block type ${blockTypeId ?? 'None'} not found.`);
    }
    const { id, created } = await registerSchema(context, session, {
      fields,
      blockTypeId,
      capabilities: body.capabilities ?? [],
      version: body.version ?? DEFAULT_BLOCK_SCHEMA_VERSION,
    });
    const value = await findById(session, id);
    return {
      created,
      value: created ? { ...value, fields: asSent(value.fields.parseExactly(), fields) } : value,
    };
  });
}

/** The answer for a new schema contains its references and definitions as they were sent. */
function asSent(
  stored: JsonObject,
  { block_schema_references, definitions }: JsonObject,
): JsonText<JsonObject> {
  return jsonText({
    ...stored,
    block_schema_references: block_schema_references ?? {},
    ...(definitions === undefined || definitions === null ? {} : { definitions }),
  });
}

async function blockTypeExists(session: ReadSession, id: string): Promise<boolean> {
  const row = await session.first(session.sql.selectFrom('block_type').select('id').where('id', '=', id));
  return row !== undefined;
}

async function findById(session: ReadSession, id: string): Promise<BlockSchema> {
  const roots = session.sql.selectFrom('block_schema').select('block_schema.id').where('id', '=', id);
  const [schema] = await readSchemas(session, roots);
  if (schema === undefined) throw notFound();
  return schema;
}

/** The block schema with this id. @throws NotFoundError */
export function readBlockSchema(context: Context, id: string): Promise<BlockSchema> {
  return context.database.read((session) => findById(session, id));
}

/** The newest block schema with this checksum and, if given, this version. @throws NotFoundError */
export function readBlockSchemaByChecksum(
  context: Context,
  checksum: string,
  version: string | undefined,
): Promise<BlockSchema> {
  return context.database.read(async (session) => {
    const found = await findSchema(session, checksum, version);
    if (found === undefined) throw notFound();
    return findById(session, found.id);
  });
}

/** One page of the block schemas that match the filter, the newest first. */
export function filterBlockSchemas(context: Context, body: BlockSchemaFilterBody): Batches<BlockSchema> {
  return readPiece(pageOf(context, body), ({ limit, offset }) =>
    context.database.read((session) => {
      let roots = session.sql.selectFrom('block_schema').select('block_schema.id');
      if (body.block_schemas !== undefined) {
        roots = narrow(roots, blockSchemaWhere(body.block_schemas, session.dialect.bindings));
      }
      const page = roots
        .orderBy('block_schema.created', 'desc')
        .orderBy('block_schema.id', 'desc')
        .limit(limit)
        .offset(offset);
      return readSchemas(session, page);
    }),
  );
}

/** Deletes a block schema with its documents. @throws NotFoundError, RefusedError 403 if its type is protected */
export async function deleteBlockSchema(context: Context, id: string): Promise<void> {
  await deleteWithChildren(context, { kind: 'block_schema', id }, async (session) => {
    const row = await session.first(
      session.sql
        .selectFrom('block_schema')
        .innerJoin('block_type', 'block_type.id', 'block_schema.block_type_id')
        .select('block_type.is_protected')
        .where('block_schema.id', '=', id),
    );
    if (row === undefined) throw notFound();
    if (row.is_protected) {
      throw new RefusedError(403, 'Block schemas for protected block types cannot be deleted.');
    }
  });
}

/** Every capability that some block schema has. */
export function readCapabilities(context: Context): Promise<string[]> {
  return context.database.read(async (session) => {
    const rows = await session.all(session.sql.selectFrom('block_schema').select('capabilities').distinct());
    return [...new Set(rows.flatMap((row) => textsOf(row.capabilities)))].sort();
  });
}
