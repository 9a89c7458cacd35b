import { type JsonObject, type JsonValue, memberOf, storedJson } from '@mintaka/contract';
import type { WriteSession } from '../../database/database.ts';
import type { Reference } from './document-references.ts';
import type { CurrentDocument } from './document-trees.ts';
import { bounded, pathsWithout, type SecretPath } from './secret-paths.ts';
import { hasMask, holdsSecret, isSame, restoreSecrets, withoutStrayMasks } from './secrets.ts';

/**
 * Replaces masks in a document that a client sends with the stored secrets, at any depth. A nested document that is sent back
 * as it was shown, including masks, stays a reference.
 * @throws AmbiguousMaskError
 */
export function restored(
  sent: JsonObject,
  current: CurrentDocument,
): { data: JsonObject; kept: Reference[] } {
  const { shown, stored, paths } = current;
  const kept: Reference[] = [];
  const others: [string, JsonValue][] = [];
  for (const [name, value] of Object.entries(sent)) {
    const reference = current.references.get(name);
    const isAsShown = hasMask(value) && isSame(value, memberOf(shown, name));
    if (reference !== undefined && isAsShown) kept.push({ name, id: reference.id });
    else others.push([name, value]);
  }
  const data = withoutStrayMasks(Object.fromEntries(others), shown, [...paths.present, ...paths.former]);
  return { data: restoreSecrets(data, shown, stored), kept };
}

/**
 * The paths of values that were secret before a change and are not secret in the new schema: they stay masked. This includes
 * values that were secret in a nested document, if its data is now part of this document.
 */
export function formerPaths(
  current: CurrentDocument,
  own: JsonObject,
  present: readonly SecretPath[],
): SecretPath[] {
  const before = [...current.paths.present, ...current.paths.former];
  for (const [name, { paths }] of current.references) before.push(...paths.map((path) => [name, ...path]));
  return bounded(pathsWithout(before, present).filter((path) => holdsSecret(own, path)));
}

/** Stores the paths of values that were secret before. */
export async function writeFormerPaths(
  session: WriteSession,
  id: string,
  { paths }: CurrentDocument,
  former: readonly SecretPath[],
): Promise<void> {
  if (former.length === 0 && paths.former.length === 0) return;
  const text = storedJson(former.map((path) => [...path]));
  await session.run(
    session.sql
      .insertInto('mintaka_former_secret')
      .values({ block_document_id: id, paths: text })
      .onConflict((conflict) => conflict.column('block_document_id').doUpdateSet({ paths: text })),
  );
}
