import {
  type BlockSchema,
  type JsonObject,
  type JsonValue,
  jsonText,
  MOST_DEFINITION_CHARACTERS,
} from '@mintaka/contract';
import { blockSchemaFromRow } from '../../database/codecs/block-schema.ts';
import { objectOrNull } from '../../database/codecs/values.ts';
import type { ReadSession } from '../../database/database.ts';
import type { Roots } from '../../database/dialects/block-documents.ts';
import type { BlockSchemaNode } from '../../database/dialects/block-schemas.ts';

type Tree = {
  schemas: ReadonlyMap<string, BlockSchema>;
  /** The references of each schema, by its id: field names with ids. */
  references: ReadonlyMap<string, readonly { name: string; id: string }[]>;
};

/**
 * The chosen block schemas, the newest first. Their fields contain the names of the schemas that they refer to
 * (`block_schema_references`) and those schemas' fields (`definitions`), as their authors sent them.
 */
export async function readSchemas(
  session: ReadSession,
  roots: Roots<'block_schema'>,
): Promise<BlockSchema[]> {
  const nodes = await session.dialect.questions.blockSchemas(session, roots);
  const tree = plant(nodes);
  return nodes
    .filter((node) => node.parent_id === null)
    .reverse()
    .flatMap(({ id }) => {
      const schema = tree.schemas.get(id);
      return schema === undefined ? [] : [{ ...schema, fields: jsonText(fullFields(tree, schema)) }];
    });
}

function plant(nodes: readonly BlockSchemaNode[]): Tree {
  const schemas = new Map<string, BlockSchema>();
  const references = new Map<string, { name: string; id: string }[]>();
  for (const node of nodes) {
    if (!schemas.has(node.id)) schemas.set(node.id, blockSchemaFromRow(node));
    if (node.parent_id === null || node.reference_name === null) continue;
    const siblings = references.get(node.parent_id) ?? [];
    siblings.push({ name: node.reference_name, id: node.id });
    references.set(node.parent_id, siblings);
  }
  return { schemas, references };
}

/** The minimum size of a definition in characters, because schemas can refer to others in any number of steps. */
const entrySize = 1000;

/** The fields of a schema with the names of the schemas that it refers to, and with all definitions at any depth. */
function fullFields(tree: Tree, schema: BlockSchema): JsonObject {
  const { definitions: own, ...fields } = ownFields(tree, schema);
  const definitions = new Map(Object.entries(objectOrNull(own) ?? {}));
  const seen = new Set([schema.id]);
  const waiting = childrenOf(tree, schema);
  let size = 0;
  for (let child = waiting.pop(); child !== undefined; child = waiting.pop()) {
    if (seen.has(child.id)) continue;
    seen.add(child.id);
    size += child.fields.text.length + entrySize;
    if (size > MOST_DEFINITION_CHARACTERS) break;
    const { definitions: inner, ...described } = ownFields(tree, child);
    // Nothing could refer to a schema without a title.
    if (typeof described.title !== 'string') continue;
    definitions.set(described.title, described);
    for (const [name, definition] of Object.entries(objectOrNull(inner) ?? {}))
      definitions.set(name, definition);
    waiting.push(...childrenOf(tree, child));
  }
  return definitions.size === 0 ? fields : { ...fields, definitions: Object.fromEntries(definitions) };
}

/** The schemas to which one refers, the last first. */
function childrenOf(tree: Tree, schema: BlockSchema): BlockSchema[] {
  const ids = (tree.references.get(schema.id) ?? []).map(({ id }) => id);
  return ids.flatMap((id) => tree.schemas.get(id) ?? []).reverse();
}

/** The fields of a schema with the names of the schemas that it refers to. */
function ownFields(tree: Tree, schema: BlockSchema): JsonObject {
  const references = new Map<string, JsonValue[]>();
  for (const { name, id } of tree.references.get(schema.id) ?? []) {
    const child = tree.schemas.get(id);
    if (child === undefined) continue;
    const known = references.get(name) ?? [];
    const slug = child.block_type?.slug ?? null;
    known.push({ block_schema_checksum: child.checksum, block_type_slug: slug });
    references.set(name, known);
  }
  return {
    ...schema.fields.parseExactly(),
    block_schema_references: Object.fromEntries([...references].map(([name, all]) => [name, oneOrAll(all)])),
  };
}

/** A field with blocks of one schema has its name; a field with several schemas has a list. */
function oneOrAll(references: readonly JsonValue[]): JsonValue {
  const [first = null, ...others] = references;
  return others.length === 0 ? first : [first, ...others];
}
