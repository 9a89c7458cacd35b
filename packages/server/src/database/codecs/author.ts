import type { JsonValue } from '@mintaka/contract';
import { objectOrNull, text } from './values.ts';

/** Who created or updated something, as the API answers it. */
export type Author = { id: string | null; type: string | null; display_value: string | null };

/** A stored author with all fields. */
export function author(stored: JsonValue | null): Author | null {
  const fields = objectOrNull(stored);
  if (fields === null) return null;
  return { id: text(fields.id), type: text(fields.type), display_value: text(fields.display_value) };
}
