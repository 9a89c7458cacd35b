import {
  DEFAULT_BLOCK_SCHEMA_VERSION,
  type JsonObject,
  type JsonValue,
  MOST_SCHEMA_REFERENCES,
  memberOf,
  storedJson,
} from '@mintaka/contract';
import { object, objectOrNull } from '../../database/codecs/values.ts';
import type { ReadSession, WriteSession } from '../../database/database.ts';
import type { Context } from '../context.ts';
import { RefusedError } from '../errors.ts';
import { findBlockTypeBySlug } from './block-types.ts';
import { definitionsOf, referredDefinitions, schemaChecksum, withPlainDefinitions } from './checksum.ts';

/** A block schema to write. Its fields may refer to other schemas and define them. */
export type NewSchema = {
  fields: JsonObject;
  blockTypeId: string;
  capabilities: readonly string[];
  version: string;
};

/** The id of a schema, and whether it was created. */
export type RegisteredSchema = { id: string; created: boolean };

/**
 * Writes a block schema and the schemas that it refers to, unless one with its checksum and version exists.
 * @throws RefusedError 409 if a block type that it refers to is missing, 422 if a definition is missing or it has too many
 *   references
 */
export function registerSchema(
  context: Context,
  session: WriteSession,
  schema: NewSchema,
): Promise<RegisteredSchema> {
  if (referencesIn(schema.fields) > MOST_SCHEMA_REFERENCES) {
    throw new RefusedError(
      422,
      `The fields of a block schema must not refer to more than ${MOST_SCHEMA_REFERENCES} other schemas.`,
    );
  }
  return register(context, session, schema);
}

/** How many references to other schemas the fields of a schema and its definitions have. */
function referencesIn(fields: JsonObject): number {
  const all = [fields, ...Object.values(definitionsOf(fields) ?? {})];
  return all.reduce<number>((count, one) => {
    const references = objectOrNull(objectOrNull(one)?.block_schema_references) ?? {};
    return count + Object.values(references).flat().length;
  }, 0);
}

async function register(
  context: Context,
  session: WriteSession,
  schema: NewSchema,
): Promise<RegisteredSchema> {
  const definitions = definitionsOf(schema.fields);
  const checksum = schemaChecksum(schema.fields);
  const { block_schema_references, ...own } = schema.fields;
  // Definitions of blocks are stored as separate schemas; reading combines them again.
  const fields = definitions === undefined ? own : withPlainDefinitions(own, definitions);
  const registered = await insertSchema(context, session, { ...schema, fields }, checksum);
  if (registered.created) {
    const parent = { id: registered.id, fields, definitions };
    for (const reference of namedReferences(block_schema_references)) {
      await registerReference(context, session, parent, reference);
    }
  }
  return registered;
}

async function insertSchema(
  context: Context,
  session: WriteSession,
  { fields, blockTypeId, capabilities, version }: NewSchema,
  checksum: string,
): Promise<RegisteredSchema> {
  const known = await findSchema(session, checksum, version);
  if (known !== undefined) return { id: known.id, created: false };
  const now = context.clock.now();
  const id = context.random.id();
  const added = await session.run(
    session.sql
      .insertInto('block_schema')
      .values({
        id,
        created: now,
        updated: now,
        fields: storedJson(fields),
        block_type_id: blockTypeId,
        checksum,
        capabilities: storedJson([...capabilities]),
        version,
      })
      .onConflict((conflict) => conflict.columns(['checksum', 'version']).doNothing()),
  );
  if (added > 0) return { id, created: true };
  // Another server was faster.
  const other = await findSchema(session, checksum, version);
  if (other === undefined) throw new RefusedError(409, 'Block schema was deleted while it was created');
  return { id: other.id, created: false };
}

/** The newest block schema with this checksum and, if given, this version. */
export function findSchema(session: ReadSession, checksum: string, version?: string | null) {
  let query = session.sql.selectFrom('block_schema').select('id').where('checksum', '=', checksum);
  if (typeof version === 'string') query = query.where('version', '=', version);
  return session.first(query.orderBy('created', 'desc').orderBy('id', 'desc').limit(1));
}

type Parent = { id: string; fields: JsonObject; definitions: JsonObject | undefined };
type Reference = { name: string; slug: string; checksum: string };

function namedReferences(references: JsonValue | undefined): Reference[] {
  return Object.entries(objectOrNull(references) ?? {}).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((reference) => {
      const { block_type_slug: slug, block_schema_checksum: checksum } = object(reference);
      if (typeof slug === 'string' && typeof checksum === 'string') return { name, slug, checksum };
      throw new RefusedError(422, `The block schema reference of field '${name}' names no schema.`);
    }),
  );
}

async function registerReference(
  context: Context,
  session: WriteSession,
  parent: Parent,
  reference: Reference,
): Promise<void> {
  const blockType = await findBlockTypeBySlug(session, reference.slug);
  if (blockType === undefined) {
    throw new RefusedError(
      409,
      `Cannot create block schema because block type '${reference.slug}' was not found.Did you forget to register the block type?`,
    );
  }
  const child =
    (await findSchema(session, reference.checksum)) ??
    (await register(context, session, {
      fields: childFields(parent, reference),
      blockTypeId: blockType.id,
      capabilities: [],
      version: DEFAULT_BLOCK_SCHEMA_VERSION,
    }));
  await linkSchemas(context, session, { parent: parent.id, child: child.id, name: reference.name });
}

/** The definition of the schema to which a field refers; of several the one for the block type. */
function childFields({ fields, definitions }: Parent, { name, slug }: Reference): JsonObject {
  const property = memberOf(object(fields.properties ?? null), name) ?? null;
  const candidates = referredDefinitions(property).map((key) =>
    objectOrNull(memberOf(definitions ?? {}, key)),
  );
  const [only, ...others] = candidates;
  const found =
    others.length === 0 ? only : candidates.find((candidate) => candidate?.block_type_slug === slug);
  if (definitions !== undefined && found !== undefined && found !== null) return { ...found, definitions };
  throw new RefusedError(422, `The block schema that field '${name}' refers to is not defined.`);
}

async function linkSchemas(
  context: Context,
  session: WriteSession,
  { parent, child, name }: { parent: string; child: string; name: string },
): Promise<void> {
  const known = await session.first(
    session.sql
      .selectFrom('block_schema_reference')
      .select('id')
      .where('parent_block_schema_id', '=', parent)
      .where('reference_block_schema_id', '=', child)
      .where('name', '=', name),
  );
  if (known !== undefined) return;
  const now = context.clock.now();
  await session.run(
    session.sql.insertInto('block_schema_reference').values({
      id: context.random.id(),
      created: now,
      updated: now,
      name,
      parent_block_schema_id: parent,
      reference_block_schema_id: child,
    }),
  );
}
