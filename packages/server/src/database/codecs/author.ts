import type { CreatedBy, JsonValue } from '@mintaka/contract';
import { objectOrNull, text } from './values.ts';

/** Who created or updated something, from its stored form, with all fields. */
export function author(stored: JsonValue | null): CreatedBy | null {
  const fields = objectOrNull(stored);
  if (fields === null) return null;
  return { id: text(fields.id), type: text(fields.type), display_value: text(fields.display_value) };
}
