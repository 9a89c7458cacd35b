import { type BlockSchema, type JsonObject, type JsonValue, jsonText } from '@mintaka/contract';
import { blockSchemaFromRow } from '../../database/codecs/block-schema.ts';
import { objectOrNull } from '../../database/codecs/values.ts';
import type { ReadSession } from '../../database/database.ts';
import type { Roots } from '../../database/dialects/block-documents.ts';
import type { BlockSchemaNode } from '../../database/dialects/block-schemas.ts';

type Tree = {
  schemas: ReadonlyMap<string, BlockSchema>;
  /** What the fields of a schema refer to: names with ids, by the id of the schema. */
  references: ReadonlyMap<string, readonly { name: string; id: string }[]>;
};

/**
 * The chosen block schemas, the newest first. Their fields name the schemas that they refer to
 * (`block_schema_references`) and hold these schemas' own fields (`definitions`), as their authors once sent them.
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
      return schema === undefined
        ? []
        : [{ ...schema, fields: jsonText(fullFields(tree, schema, new Set([id]))) }];
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

/** `ancestors` are the schemas within which this one is written out; none of them is written out again within it. */
function fullFields(tree: Tree, schema: BlockSchema, ancestors: ReadonlySet<string>): JsonObject {
  const references = new Map<string, JsonValue[]>();
  const definitions = new Map<string, JsonValue>();
  for (const { name, id } of tree.references.get(schema.id) ?? []) {
    const child = tree.schemas.get(id);
    if (child === undefined) continue;
    const known = references.get(name) ?? [];
    const slug = child.block_type?.slug ?? null;
    known.push({ block_schema_checksum: child.checksum, block_type_slug: slug });
    references.set(name, known);
    if (!ancestors.has(id)) define(definitions, fullFields(tree, child, new Set([...ancestors, id])));
  }
  const fields: JsonObject = {
    ...schema.fields.parseExactly(),
    block_schema_references: Object.fromEntries([...references].map(([name, all]) => [name, oneOrAll(all)])),
  };
  const all = { ...objectOrNull(fields.definitions), ...Object.fromEntries(definitions) };
  return Object.keys(all).length === 0 ? fields : { ...fields, definitions: all };
}

/** Adds a schema under its title, and next to it, not within, the definitions that it has itself. */
function define(definitions: Map<string, JsonValue>, fields: JsonObject): void {
  const { definitions: inner, ...own } = fields;
  if (typeof own.title !== 'string') return;
  definitions.set(own.title, own);
  for (const [name, definition] of Object.entries(objectOrNull(inner) ?? {})) {
    definitions.set(name, definition);
  }
}

/** A field that takes blocks of one schema names it; one that takes several has a list. */
function oneOrAll(references: readonly JsonValue[]): JsonValue {
  const [first = null, ...others] = references;
  return others.length === 0 ? first : [first, ...others];
}
