import { type JsonObject, type JsonValue, MOST_DOCUMENT_REFERENCES } from '@mintaka/contract';
import { uuid } from '@mintaka/contract/wire';
import { objectOrNull } from '../../database/codecs/values.ts';
import type { WriteSession } from '../../database/database.ts';
import type { Context } from '../context.ts';
import { RefusedError } from '../errors.ts';

/** A reference from a field of a document to another document. */
export type Reference = { name: string; id: string };

/** A field refers to no document in a way that can be followed. */
export class BadReferenceError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'BadReferenceError';
  }
}

const id = uuid();

/** How many references one statement writes; both databases bound the number of its parameters. */
const batch = 500;

/**
 * Parts a document's data into its own values and the references to other documents, which are fields of the form
 * `{"$ref": {"block_document_id": ...}}`.
 * @throws BadReferenceError
 */
export function separateReferences(data: JsonObject): { own: JsonObject; references: Reference[] } {
  const own: [string, JsonValue][] = [];
  const references: Reference[] = [];
  for (const [name, value] of Object.entries(data)) {
    const { $ref } = objectOrNull(value) ?? {};
    if ($ref === undefined) own.push([name, value]);
    else references.push({ name, id: referredId(name, $ref) });
  }
  return { own: Object.fromEntries(own), references };
}

function referredId(name: string, target: JsonValue): string {
  const given = objectOrNull(target)?.block_document_id ?? null;
  if (given === null) {
    throw new BadReferenceError(`Received block reference without a block_document_id in key ${name}`);
  }
  const read = id.safeParse(given);
  if (read.success) return read.data;
  throw new BadReferenceError(
    '1 validation error for BlockDocumentReferenceCreate\nreference_block_document_id\n  value is not a valid uuid (type=type_error.uuid)',
  );
}

/**
 * Replaces the references of a document. @throws IntegrityError for an unknown document, RefusedError 422 for too many
 * references
 */
export async function writeReferences(
  context: Context,
  session: WriteSession,
  parentId: string,
  references: readonly Reference[],
): Promise<void> {
  if (references.length > MOST_DOCUMENT_REFERENCES) {
    throw new RefusedError(
      422,
      `A block document must not refer to more than ${MOST_DOCUMENT_REFERENCES} others by its fields.`,
    );
  }
  const table = session.sql
    .selectFrom('block_document_reference')
    .select(['id', 'name', 'reference_block_document_id as target']);
  const current = await session.all(table.where('parent_block_document_id', '=', parentId));
  // Each field of a document has at most one reference.
  const wanted = new Map(references.map(({ name, id }) => [name, id]));
  const obsolete = current.filter((row) => wanted.get(row.name) !== row.target);
  for (const { name, target } of current) if (wanted.get(name) === target) wanted.delete(name);
  if (obsolete.length > 0) {
    const ids = obsolete.map((row) => row.id);
    const { isAnyOf } = session.dialect.bindings;
    await session.run(
      session.sql.deleteFrom('block_document_reference').where(isAnyOf('block_document_reference.id', ids)),
    );
  }
  const now = context.clock.now();
  const rows = [...wanted].map(([name, id]) => ({
    id: context.random.id(),
    created: now,
    updated: now,
    name,
    parent_block_document_id: parentId,
    reference_block_document_id: id,
  }));
  for (let start = 0; start < rows.length; start += batch) {
    const some = rows.slice(start, start + batch);
    await session.run(session.sql.insertInto('block_document_reference').values(some));
  }
}
