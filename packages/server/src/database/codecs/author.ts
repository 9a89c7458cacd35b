import type { CreatedBy, JsonText } from '@mintaka/contract';
import { objectOrNullOf, text } from './values.ts';

/** The creator or last updater of an object, from its stored form, with all fields. */
export function author(stored: JsonText | null): CreatedBy | null {
  const fields = objectOrNullOf(stored);
  if (fields === null) return null;
  return { id: text(fields.id), type: text(fields.type), display_value: text(fields.display_value) };
}
