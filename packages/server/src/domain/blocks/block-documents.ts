import {
  type BlockDocument,
  type BlockDocumentCreate,
  type BlockDocumentFilterBody,
  type BlockDocumentUpdate,
  type JsonObject,
  storedJson,
  toEpoch,
} from '@mintaka/contract';
import { objectOf } from '../../database/codecs/values.ts';
import type { ReadSession, WriteSession } from '../../database/database.ts';
import { type BlockDocumentCriteria, blockDocumentWhere } from '../../database/filters/block-document.ts';
import { type BlockSchemaCriteria, blockSchemaWhere } from '../../database/filters/block-schema.ts';
import { type BlockTypeCriteria, blockTypeWhere } from '../../database/filters/block-type.ts';
import { narrow } from '../../database/filters/compose.ts';
import { eb, isGiven } from '../../database/filters/conditions.ts';
import { type Batches, type Piece, readAllPieces, readPiece } from '../batches.ts';
import { proveByRow } from '../commit-proofs.ts';
import type { Context } from '../context.ts';
import { deleteWithChildren } from '../deletion/deletions.ts';
import { IntegrityError, NotFoundError, RefusedError } from '../errors.ts';
import { pageOf } from '../pages.ts';
import { findBlockTypeBySlug } from './block-types.ts';
import { BadReferenceError, separateReferences, writeReferences } from './document-references.ts';
import { formerPaths, restored, writeFormerPaths } from './document-secrets.ts';
import { type CurrentDocument, readCurrent, readDocuments } from './document-trees.ts';
import { encryptFernet } from './encryption/fernet.ts';
import { keyForWriting } from './encryption/key.ts';
import { readSchemas } from './schema-trees.ts';
import { type SecretPath, secretPaths } from './secret-paths.ts';
import { AmbiguousMaskError } from './secrets.ts';

const notFound = () => new NotFoundError('Block document not found');

/**
 * Creates a block document. An anonymous one without a name gets a random name.
 * @throws RefusedError 409 if the type has a document of this name, 422 for an invalid reference; IntegrityError
 */
export function createBlockDocument(context: Context, body: BlockDocumentCreate): Promise<BlockDocument> {
  const { own, references } = separated(body.data.parseExactly(), 422);
  const { block_schema_id, block_type_id } = body;
  return context.database.transaction(async (session) => {
    if (isGiven(body.name) && block_type_id !== undefined) {
      await refuseDuplicate(session, block_type_id, body.name);
    }
    if (block_schema_id === undefined || block_type_id === undefined) {
      throw new IntegrityError('not null', undefined);
    }
    const now = context.clock.now();
    const id = context.random.id();
    proveByRow(session, 'block_document', id);
    await session.run(
      session.sql.insertInto('block_document').values({
        id,
        created: now,
        updated: now,
        name: body.name || `anonymous-${context.random.id()}`,
        data: await encrypted(context, session, own),
        block_schema_id,
        block_type_id,
        is_anonymous: body.is_anonymous,
      }),
    );
    await writeReferences(context, session, id, references);
    return findById(context, session, id, false);
  });
}

async function refuseDuplicate(session: ReadSession, typeId: string, name: string): Promise<void> {
  const row = await session.first(
    session.sql
      .selectFrom('block_document')
      .select('id')
      .where('block_type_id', '=', typeId)
      .where('name', '=', name),
  );
  if (row !== undefined) throw new RefusedError(409, 'Block already exists');
}

async function findById(
  context: Context,
  session: ReadSession,
  id: string,
  includeSecrets: boolean,
): Promise<BlockDocument> {
  const root = session.sql.selectFrom('block_document').select('block_document.id').where('id', '=', id);
  const [document] = await readDocuments(context, session, root, includeSecrets);
  if (document === undefined) throw notFound();
  return document;
}

/** The block document with this id. @throws NotFoundError */
export function readBlockDocument(
  context: Context,
  id: string,
  includeSecrets: boolean,
): Promise<BlockDocument> {
  return context.database.read((session) => findById(context, session, id, includeSecrets));
}

type Filters = {
  block_documents: BlockDocumentCriteria;
  block_types?: BlockTypeCriteria | undefined;
  block_schemas?: BlockSchemaCriteria | undefined;
};

/** The ids of the documents that match, by name. */
function choose(
  session: ReadSession,
  { block_documents, block_types, block_schemas }: Filters,
  piece: Piece,
) {
  const { bindings } = session.dialect;
  let query = session.sql.selectFrom('block_document').select('block_document.id');
  query = narrow(query, blockDocumentWhere(block_documents, bindings));
  if (block_types !== undefined) {
    const type = related('block_type', 'block_document.block_type_id');
    query = query.where(eb.exists(narrow(type, blockTypeWhere(block_types, bindings))));
  }
  if (block_schemas !== undefined) {
    const schema = related('block_schema', 'block_document.block_schema_id');
    query = query.where(eb.exists(narrow(schema, blockSchemaWhere(block_schemas, bindings))));
  }
  return query
    .orderBy('block_document.name')
    .orderBy('block_document.id')
    .limit(piece.limit)
    .offset(piece.offset);
}

function related(
  table: 'block_type' | 'block_schema',
  column: 'block_document.block_type_id' | 'block_document.block_schema_id',
) {
  return eb.selectFrom(table).select(eb.lit(1).as('one')).whereRef(`${table}.id`, '=', column);
}

/** A page of the block documents that match the filters, by name. Anonymous documents are excluded by default. */
export function filterBlockDocuments(
  context: Context,
  body: BlockDocumentFilterBody,
): Batches<BlockDocument> {
  const filters = { ...body, block_documents: body.block_documents ?? { is_anonymous: { eq_: false } } };
  return readPiece(pageOf(context, body), (piece) =>
    context.database.read((session) =>
      readDocuments(context, session, choose(session, filters, piece), body.include_secrets),
    ),
  );
}

/** The documents of a block type that are not anonymous. @throws NotFoundError */
export async function* readBlockDocumentsOfType(
  context: Context,
  slug: string,
  includeSecrets: boolean,
): AsyncGenerator<BlockDocument[]> {
  const type = await context.database.read((session) => findBlockTypeBySlug(session, slug));
  if (type === undefined) throw new NotFoundError('Block type not found');
  const filters = { block_documents: { block_type_id: { any_: [type.id] }, is_anonymous: { eq_: false } } };
  yield* readAllPieces((piece) =>
    context.database.read((session) =>
      readDocuments(context, session, choose(session, filters, piece), includeSecrets),
    ),
  );
}

/** The document of a block type with this name. @throws NotFoundError */
export function readBlockDocumentByName(
  context: Context,
  { slug, name }: { slug: string; name: string },
  includeSecrets: boolean,
): Promise<BlockDocument> {
  return context.database.read(async (session) => {
    const filters = { block_documents: { name: { any_: [name] } }, block_types: { slug: { any_: [slug] } } };
    const roots = choose(session, filters, { limit: 1, offset: 0 });
    const [document] = await readDocuments(context, session, roots, includeSecrets);
    if (document === undefined) throw notFound();
    return document;
  });
}

/**
 * Updates the data of a block document, and its schema if data is given. New data is merged into the old data, or replaces it
 * without `merge_existing_data`; references that the new data no longer contains are removed. A mask in place of a secret
 * stands for the stored secret. Secrets remain secret in the new schema.
 * @throws NotFoundError, RefusedError 400 or 422, IntegrityError
 */
export function updateBlockDocument(
  context: Context,
  id: string,
  { data, merge_existing_data, block_schema_id }: BlockDocumentUpdate,
): Promise<void> {
  return context.database.transaction(async (session) => {
    await lockDocument(session, id);
    if (data === undefined && merge_existing_data) return;
    const current = await readCurrent(context, session, id);
    if (current === undefined) throw notFound();
    const { data: sent, kept } = withSecrets(data?.parseExactly() ?? {}, current);
    const { own, references } = separated(merge_existing_data ? { ...current.own, ...sent } : sent, 400);
    const schemaId = block_schema_id ?? current.schemaId;
    const present =
      schemaId === current.schemaId
        ? current.paths.present
        : await newPaths(session, schemaId, current.typeId);
    await session.run(
      session.sql
        .updateTable('block_document')
        .set({
          data: await encrypted(context, session, own),
          block_schema_id: schemaId,
          updated: context.clock.now(),
        })
        .where('id', '=', id),
    );
    await writeReferences(context, session, id, [...references, ...kept]);
    await writeFormerPaths(session, id, current, formerPaths(current, own, present));
  });
}

async function lockDocument(session: ReadSession, id: string): Promise<void> {
  const query = session.sql.selectFrom('block_document').select('id').where('id', '=', id);
  const row = await session.first(session.dialect.bindings.lock(query, 'block_document'));
  if (row === undefined) throw notFound();
}

function withSecrets(sent: JsonObject, current: CurrentDocument): ReturnType<typeof restored> {
  try {
    return restored(sent, current);
  } catch (error) {
    if (error instanceof AmbiguousMaskError) throw new RefusedError(422, error.message);
    throw error;
  }
}

/** The paths of secrets in another schema. @throws RefusedError 400 if it is of another type */
async function newPaths(session: ReadSession, schemaId: string, typeId: string): Promise<SecretPath[]> {
  const roots = session.sql.selectFrom('block_schema').select('block_schema.id').where('id', '=', schemaId);
  const [schema] = await readSchemas(session, roots);
  // The foreign key refuses a missing schema.
  if (schema === undefined) return [];
  if (schema.block_type_id === typeId) return secretPaths(objectOf(schema.fields));
  throw new RefusedError(400, 'Must migrate block document to a block schema of the same block type.');
}

/** Deletes a block document; the deployments and flow runs that use it lose the reference. @throws NotFoundError */
export async function deleteBlockDocument(context: Context, id: string): Promise<void> {
  if (!(await deleteWithChildren(context, { kind: 'block_document', id }))) throw notFound();
}

function separated(data: JsonObject, status: 400 | 422): ReturnType<typeof separateReferences> {
  try {
    return separateReferences(data);
  } catch (error) {
    if (error instanceof BadReferenceError) throw new RefusedError(status, error.message);
    throw error;
  }
}

/** Encrypts data for its column: the JSON text of a token. */
async function encrypted(context: Context, session: WriteSession, data: JsonObject): Promise<string> {
  const key = await keyForWriting(context, session);
  const { seconds } = toEpoch(context.clock.now());
  return storedJson(encryptFernet(key, storedJson(data), seconds));
}
