import type * as z from 'zod';
import { isRawJson, JsonText } from '../../src/json.ts';
import { validationErrors } from '../../src/wire/index.ts';

/** A value as in the recorded tables: numbers as doubles, and Python's words for what JSON cannot express. */
export function plain(value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    if (Number.isNaN(value)) return 'nan';
    return value > 0 ? 'inf' : '-inf';
  }
  if (value instanceof JsonText) return plain(value.parseExactly());
  if (isRawJson(value)) return plain(Number(value.rawJSON));
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? 0 : value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

/** The errors of a value that was the field `v` of a model, with locations below that field. */
export function complaints(error: z.ZodError): unknown[] {
  return validationErrors(error, ['body']).map((problem) => ({ ...problem, loc: problem.loc.slice(2) }));
}

/** The same text for values that are equal except for the order of their keys. */
export function comparable(value: unknown): string {
  return JSON.stringify(sorted(plain(value)));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, sorted(item)] as const);
  return Object.fromEntries(entries.toSorted(([left], [right]) => (left < right ? -1 : 1)));
}
