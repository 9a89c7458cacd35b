import {
  type BlockDocument,
  type BlockSchema,
  type JsonObject,
  type JsonText,
  type JsonValue,
  jsonText,
  parseJson,
  WRITTEN_OUT_DOCUMENTS,
  wireTimestamp,
} from '@mintaka/contract';
import { blockTypeFromRow } from '../../database/codecs/block-type.ts';
import { object, objectOf, text } from '../../database/codecs/values.ts';
import type { ReadSession } from '../../database/database.ts';
import type { BlockDocumentNode, Roots } from '../../database/dialects/block-documents.ts';
import type { Context } from '../context.ts';
import { decryptFernet, type FernetKey, InvalidTokenError } from './encryption/fernet.ts';
import { decryptWith } from './encryption/key.ts';
import { readSchemas } from './schema-trees.ts';
import { bounded, type SecretPath, secretPaths, storedPaths } from './secret-paths.ts';
import { maskSecrets } from './secrets.ts';

/** A document with its own decrypted data and its references. */
type OpenDocument = {
  node: BlockDocumentNode;
  data: JsonObject;
  /** The paths of its secrets in its current schema and in former ones. */
  paths: { present: readonly SecretPath[]; former: readonly SecretPath[] };
  children: { name: string; id: string }[];
  /** Its approximate size in characters, without nested documents. */
  size: number;
};
/** A document with its nested documents; `size` in characters, `height` in levels of documents below it. */
type WrittenOut = { data: JsonObject; references: Record<string, JsonObject>; size: number; height: number };
type OpenDocuments = ReadonlyMap<string, OpenDocument>;

/**
 * The chosen block documents, by name. Their data includes the data of nested documents at any depth.
 * @throws InvalidTokenError if the encryption key does not decrypt one of them
 */
export async function readDocuments(
  context: Context,
  session: ReadSession,
  roots: Roots<'block_document'>,
  includeSecrets: boolean,
): Promise<BlockDocument[]> {
  const { nodes, schemas, documents } = await openDocuments(context, session, roots);
  const writing = startWriting(documents, !includeSecrets);
  return nodes
    .filter((node) => node.parent_id === null)
    .map((node) => toResponse(node, writeOut(writing, node.id), schemas));
}

/** A block document before a change. */
export type CurrentDocument = {
  /** Its own data, without nested documents. */
  own: JsonObject;
  schemaId: string;
  typeId: string;
  paths: OpenDocument['paths'];
  /** Its data with nested documents: with secrets, and as readers see it. */
  stored: JsonObject;
  shown: JsonObject;
  /** The documents that it refers to, by field name, with the paths of secrets in them and in their nested documents. */
  references: ReadonlyMap<string, { id: string; paths: readonly SecretPath[] }>;
};

/** A block document before a change; undefined if it does not exist. @throws InvalidTokenError */
export async function readCurrent(
  context: Context,
  session: ReadSession,
  id: string,
): Promise<CurrentDocument | undefined> {
  const root = session.sql.selectFrom('block_document').select('block_document.id').where('id', '=', id);
  const { documents } = await openDocuments(context, session, root);
  const document = documents.get(id);
  if (document === undefined) return undefined;
  const { node, data, paths, children } = document;
  const pathsOf = pathsWithin(documents, id);
  const references = children.map(
    (child) => [child.name, { id: child.id, paths: pathsOf(child.id) }] as const,
  );
  return {
    own: data,
    schemaId: node.block_schema_id,
    typeId: node.block_type_id,
    paths,
    stored: writeOut(startWriting(documents, false), id).data,
    shown: writeOut(startWriting(documents, true), id).data,
    references: new Map(references),
  };
}

/** Returns a function that returns the paths of secrets of a document with its nested documents, as shown within `root`. */
function pathsWithin(documents: OpenDocuments, root: string): (id: string) => SecretPath[] {
  const known = new Map<string, SecretPath[]>([[root, []]]);
  const pathsOf = (id: string, depth: number): SecretPath[] => {
    const found = known.get(id);
    if (found !== undefined) return found;
    const document = documents.get(id);
    if (document === undefined || depth > deepest) return [];
    // A document is not repeated within itself.
    known.set(id, []);
    const inner = document.children.flatMap((child) =>
      pathsOf(child.id, depth + 1).map((path) => [child.name, ...path]),
    );
    const paths = bounded([...document.paths.present, ...document.paths.former, ...inner]);
    known.set(id, paths);
    return paths;
  };
  return (id) => pathsOf(id, 0);
}

async function openDocuments(
  context: Context,
  session: ReadSession,
  roots: Roots<'block_document'>,
): Promise<{
  nodes: BlockDocumentNode[];
  schemas: ReadonlyMap<string, BlockSchema>;
  documents: OpenDocuments;
}> {
  const nodes = await session.dialect.questions.blockDocuments(session, roots);
  if (nodes.length === 0) return { nodes, schemas: new Map(), documents: new Map() };
  const schemas = await schemasOf(session, nodes);
  const documents = await decryptWith(context, session, (key) => open(key, nodes, schemas));
  return { nodes, schemas, documents };
}

async function schemasOf(
  session: ReadSession,
  nodes: readonly BlockDocumentNode[],
): Promise<ReadonlyMap<string, BlockSchema>> {
  const ids = [...new Set(nodes.map((node) => node.block_schema_id))];
  const roots = session.sql
    .selectFrom('block_schema')
    .select('block_schema.id')
    .where(session.dialect.bindings.hasId('block_schema.id', ids));
  return new Map((await readSchemas(session, roots)).map((schema) => [schema.id, schema]));
}

function open(
  key: FernetKey,
  nodes: readonly BlockDocumentNode[],
  schemas: ReadonlyMap<string, BlockSchema>,
): OpenDocuments {
  const documents = new Map<string, OpenDocument>();
  const present = new Map<string, readonly SecretPath[]>();
  for (const node of nodes) {
    if (documents.has(node.id)) continue;
    const schema = schemas.get(node.block_schema_id);
    const known = present.get(node.block_schema_id) ?? secretPaths(objectOf(schema?.fields ?? null));
    present.set(node.block_schema_id, known);
    const paths = { present: known, former: storedPaths(node.former_secret_paths) };
    const size = node.data.text.length;
    documents.set(node.id, { node, data: decryptData(key, node.data), paths, children: [], size });
  }
  for (const { id, reference_name: name, parent_id } of nodes) {
    if (parent_id !== null && name !== null) documents.get(parent_id)?.children.push({ name, id });
  }
  return documents;
}

/** Decrypts the data of a document from its column, which contains a token. @throws InvalidTokenError */
function decryptData(key: FernetKey, column: JsonText): JsonObject {
  const token = text(column.parse());
  if (token === null) throw new InvalidTokenError();
  return object(parseSecret(decryptFernet(key, token)));
}

/** The parser's own error would repeat a part of the text. */
function parseSecret(secret: string): JsonValue {
  try {
    return parseJson(secret);
  } catch {
    throw new Error('the decrypted data of a block document is not JSON');
  }
}

/** The state while documents are expanded; each is expanded once and can appear in several places. */
type Writing = {
  documents: OpenDocuments;
  masked: boolean;
  done: Map<string, WrittenOut>;
  /** The documents that contain the current one; they are not repeated within it. */
  ancestors: Set<string>;
};

function startWriting(documents: OpenDocuments, masked: boolean): Writing {
  return { documents, masked, done: new Map(), ancestors: new Set() };
}

function writeOut(writing: Writing, id: string): WrittenOut {
  const { documents, masked, done, ancestors } = writing;
  const known = done.get(id);
  if (known !== undefined) return known;
  const document = documents.get(id);
  if (document === undefined) return { data: {}, references: {}, size: 0, height: 0 };
  const data = new Map(Object.entries(document.data));
  const references = new Map<string, JsonObject>();
  let [nested, height] = [0, 0];
  ancestors.add(id);
  for (const child of document.children) {
    const node = documents.get(child.id)?.node;
    if (node === undefined || ancestors.has(child.id)) continue;
    const inner = ancestors.size < deepest ? writeOut(writing, child.id) : undefined;
    if (inner === undefined || !fits(inner, nested)) {
      data.set(child.name, { $ref: { block_document_id: child.id } });
      continue;
    }
    nested += inner.size;
    height = Math.max(height, inner.height + 1);
    data.set(child.name, inner.data);
    references.set(child.name, { block_document: reference(node, inner) });
  }
  ancestors.delete(id);
  const { present, former } = document.paths;
  const whole = Object.fromEntries(data);
  const written = {
    data: masked ? maskSecrets(whole, [...present, ...former]) : whole,
    references: Object.fromEntries(references),
    size: nested + document.size,
    height,
  };
  done.set(id, written);
  return written;
}

/** The maximum length of a chain of documents that is followed: a longer one could overflow the stack. */
const deepest = 500;

/** Whether a document still fits into another one, in addition to what that contains already. */
function fits({ size, height }: WrittenOut, nested: number): boolean {
  return nested + size <= WRITTEN_OUT_DOCUMENTS.characters && height < WRITTEN_OUT_DOCUMENTS.depth;
}

function reference(node: BlockDocumentNode, { references }: WrittenOut): JsonObject {
  const type = blockTypeOf(node);
  return {
    id: node.id,
    name: node.name,
    // Free JSON, in which the answer's schema changes nothing.
    block_type: { ...type, created: wireTimestamp(type.created), updated: wireTimestamp(type.updated) },
    is_anonymous: node.is_anonymous,
    block_document_references: references,
  };
}

function toResponse(
  node: BlockDocumentNode,
  { data, references }: WrittenOut,
  schemas: ReadonlyMap<string, BlockSchema>,
): BlockDocument {
  return {
    id: node.id,
    created: node.created,
    updated: node.updated,
    name: node.name,
    data: jsonText(data),
    block_schema_id: node.block_schema_id,
    block_schema: schemas.get(node.block_schema_id) ?? null,
    block_type_id: node.block_type_id,
    block_type: blockTypeOf(node),
    block_document_references: Object.fromEntries(
      Object.entries(references).map(([name, value]) => [name, jsonText(value)]),
    ),
    is_anonymous: node.is_anonymous,
  };
}

function blockTypeOf(node: BlockDocumentNode) {
  return blockTypeFromRow({
    id: node.block_type_id,
    created: node.type_created,
    updated: node.type_updated,
    name: node.type_name,
    slug: node.type_slug,
    logo_url: node.type_logo_url,
    documentation_url: node.type_documentation_url,
    description: node.type_description,
    code_example: node.type_code_example,
    is_protected: node.type_is_protected,
  });
}
