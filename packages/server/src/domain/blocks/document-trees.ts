import {
  type BlockDocument,
  type BlockSchema,
  type JsonObject,
  type JsonText,
  type JsonValue,
  jsonText,
  parseJson,
} from '@mintaka/contract';
import { blockTypeFromRow } from '../../database/codecs/block-type.ts';
import { object, objectOf, text } from '../../database/codecs/values.ts';
import type { ReadSession } from '../../database/database.ts';
import type { BlockDocumentNode, Roots } from '../../database/dialects/block-documents.ts';
import type { Context } from '../context.ts';
import { decryptFernet, type FernetKey, InvalidTokenError } from '../encryption/fernet.ts';
import { decryptWith } from '../encryption/key.ts';
import { readSchemas } from './schema-trees.ts';
import { bounded, type SecretPath, secretPaths, storedPaths } from './secret-paths.ts';
import { maskSecrets } from './secrets.ts';

/** A document with its own data, decrypted, and what its fields refer to. */
type OpenDocument = {
  node: BlockDocumentNode;
  data: JsonObject;
  /** Where its secrets are by its present schema, and where they were by former ones. */
  paths: { present: readonly SecretPath[]; former: readonly SecretPath[] };
  children: { name: string; id: string }[];
};
/** A document with all that it refers to written out. */
type Grown = { data: JsonObject; references: Record<string, JsonObject> };
type OpenDocuments = ReadonlyMap<string, OpenDocument>;

/**
 * The chosen block documents by name. Their data holds that of the documents to which they refer, however deep.
 * @throws InvalidTokenError if the key of secrets does not open one of them
 */
export async function readDocuments(
  context: Context,
  session: ReadSession,
  roots: Roots<'block_document'>,
  includeSecrets: boolean,
): Promise<BlockDocument[]> {
  const { nodes, schemas, documents } = await openDocuments(context, session, roots);
  const grown = new Map<string, Grown>();
  return nodes
    .filter((node) => node.parent_id === null)
    .map((node) => toResponse(node, grow(documents, node.id, !includeSecrets, grown, new Set()), schemas));
}

/** A block document as it is before a change. */
export type CurrentDocument = {
  /** Its own data, without that of the documents to which it refers. */
  own: JsonObject;
  schemaId: string;
  typeId: string;
  paths: OpenDocument['paths'];
  /** Its data with that of the documents to which it refers, with its secrets, and as readers see it. */
  stored: JsonObject;
  shown: JsonObject;
  /** The documents to which it refers by the name of the field, and where the secrets are in them and in what they refer to. */
  references: ReadonlyMap<string, { id: string; paths: readonly SecretPath[] }>;
};

/** A block document before a change; undefined if it is not there. @throws InvalidTokenError */
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
  const references = children.map(
    (child) => [child.name, { id: child.id, paths: allPaths(documents, child.id, new Set([id])) }] as const,
  );
  return {
    own: data,
    schemaId: node.block_schema_id,
    typeId: node.block_type_id,
    paths,
    stored: grow(documents, id, false, new Map(), new Set()).data,
    shown: grow(documents, id, true, new Map(), new Set()).data,
    references: new Map(references),
  };
}

/** Where secrets are in a document with all that it refers to. */
function allPaths(documents: OpenDocuments, id: string, ancestors: ReadonlySet<string>): SecretPath[] {
  const document = documents.get(id);
  if (document === undefined || ancestors.has(id)) return [];
  const within = new Set([...ancestors, id]);
  const inner = document.children.flatMap(({ name, id: child }) =>
    allPaths(documents, child, within).map((path) => [name, ...path]),
  );
  return bounded([...document.paths.present, ...document.paths.former, ...inner]);
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
    documents.set(node.id, { node, data: decryptData(key, node.data), paths, children: [] });
  }
  for (const { id, reference_name: name, parent_id } of nodes) {
    if (parent_id !== null && name !== null) documents.get(parent_id)?.children.push({ name, id });
  }
  return documents;
}

/** The data of a document from its column, which holds a token. @throws InvalidTokenError */
export function decryptData(key: FernetKey, column: JsonText): JsonObject {
  const token = text(column.parse());
  if (token === null) throw new InvalidTokenError();
  return object(parseSecret(decryptFernet(key, token)));
}

/** The parser's own error repeats a part of the text. */
function parseSecret(secret: string): JsonValue {
  try {
    return parseJson(secret);
  } catch {
    throw new Error('the decrypted data of a block document is not JSON');
  }
}

/** `ancestors` are the documents within which this one is written out; none of them is written out again within it. */
function grow(
  documents: OpenDocuments,
  id: string,
  masked: boolean,
  grown: Map<string, Grown>,
  ancestors: ReadonlySet<string>,
): Grown {
  const known = grown.get(id);
  if (known !== undefined) return known;
  const document = documents.get(id);
  if (document === undefined) return { data: {}, references: {} };
  const path = new Set([...ancestors, id]);
  const data = new Map(Object.entries(document.data));
  const references = new Map<string, JsonObject>();
  for (const child of document.children) {
    const node = documents.get(child.id)?.node;
    if (node === undefined || path.has(child.id)) continue;
    const inner = grow(documents, child.id, masked, grown, path);
    data.set(child.name, inner.data);
    references.set(child.name, { block_document: reference(node, inner) });
  }
  const { present, former } = document.paths;
  const whole = Object.fromEntries(data);
  const shown = masked ? maskSecrets(whole, [...present, ...former]) : whole;
  const result = { data: shown, references: Object.fromEntries(references) };
  grown.set(id, result);
  return result;
}

function reference(node: BlockDocumentNode, { references }: Grown): JsonObject {
  return {
    id: node.id,
    name: node.name,
    block_type: blockTypeOf(node),
    is_anonymous: node.is_anonymous,
    block_document_references: references,
  };
}

function toResponse(
  node: BlockDocumentNode,
  { data, references }: Grown,
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
