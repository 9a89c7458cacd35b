import { isRawJson, type JsonObject, type JsonValue, type Timestamp, wireTimestamp } from '@mintaka/contract';

/** A moment in the API's form, or null. */
export function wireMoment(moment: Timestamp | null): string | null {
  return moment === null ? null : wireTimestamp(moment);
}

/** A stored JSON array of texts, such as tags; anything else that a row might hold counts as none. */
export function texts(value: JsonValue): string[] {
  return isTexts(value) ? value : [];
}

/** A stored JSON object; anything else that a row might hold counts as an empty one. */
export function object(value: JsonValue): JsonObject {
  return objectOrNull(value) ?? {};
}

/** A stored JSON object, or null where there is none. */
export function objectOrNull(value: JsonValue | undefined): JsonObject | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  return isRawJson(value) ? null : value;
}

/** Whether Python takes a JSON value for false: null, false, zero, or anything empty. */
export function isFalsy(value: JsonValue): boolean {
  if (typeof value !== 'object' || value === null) return !value;
  if (isRawJson(value)) return Number(value.rawJSON) === 0;
  return Array.isArray(value) ? value.length === 0 : Object.keys(value).length === 0;
}

/** A text within stored JSON, or null. */
export function text(value: JsonValue | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

/** A number within stored JSON, or null. */
export function number(value: JsonValue | undefined): number | null {
  if (typeof value === 'number') return value;
  return typeof value === 'object' && value !== null && isRawJson(value) ? Number(value.rawJSON) : null;
}

function isTexts(value: JsonValue): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
