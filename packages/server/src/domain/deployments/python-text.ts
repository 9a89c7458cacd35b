import type { JsonValue } from '@mintaka/contract';
import { pythonNumber, quoted } from '@mintaka/contract/wire';

/** A JSON value as Python shows it in a message: `{'a': [1, None, True]}`. */
export function pythonText(value: JsonValue): string {
  if (value === null) return 'None';
  if (typeof value === 'string') return quoted(value);
  const number = pythonNumber(value);
  if (number !== undefined) return number.text;
  if (Array.isArray(value)) return `[${value.map(pythonText).join(', ')}]`;
  const parts = Object.entries(value).map(([key, item]) => `${quoted(key)}: ${pythonText(item)}`);
  return `{${parts.join(', ')}}`;
}
