import {
  EMPTY_OBJECT,
  isRawJson,
  type JsonObject,
  JsonText,
  type JsonValue,
  jsonText,
} from '@mintaka/contract';

/** A JSON column with an array of strings, such as tags; anything else is read as an empty array. */
export function textsOf(column: JsonText): string[] {
  return column.text === '[]' ? [] : texts(column.parse());
}

/** A JSON column with an object; anything else is read as an empty one. */
export function objectOf(column: JsonText | null): JsonObject {
  return objectOrNullOf(column) ?? {};
}

/** A JSON column with an object; anything else is read as null. */
export function objectOrNullOf(column: JsonText | null): JsonObject | null {
  return column === null ? null : objectOrNull(column.parse());
}

/** A JSON column with an object, unparsed; anything else is read as an empty one. */
export function objectText(column: JsonText): JsonText<JsonObject> {
  return objectTextOrNull(column) ?? EMPTY_OBJECT;
}

/** A JSON column with an object, unparsed; anything else is read as null. */
export function objectTextOrNull(column: JsonText | null): JsonText<JsonObject> | null {
  return column?.text.startsWith('{') === true ? new JsonText<JsonObject>(column.text) : null;
}

/** The fields of two JSON objects; the second object takes precedence. */
export function mergedObjects(
  first: JsonText<JsonObject>,
  second: JsonText<JsonObject> = EMPTY_OBJECT,
): JsonText<JsonObject> {
  if (second.text === EMPTY_OBJECT.text) return first;
  if (first.text === EMPTY_OBJECT.text) return second;
  return jsonText({ ...first.parseExactly(), ...second.parseExactly() });
}

/** A JSON array of strings; anything else is read as an empty array. */
export function texts(value: JsonValue): string[] {
  return isTexts(value) ? value : [];
}

/** A stored JSON object; anything else is read as an empty one. */
export function object(value: JsonValue): JsonObject {
  return objectOrNull(value) ?? {};
}

/** A stored JSON object, or null. */
export function objectOrNull(value: JsonValue | undefined): JsonObject | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  return isRawJson(value) ? null : value;
}

/** Whether a JSON value is false in Python: null, false, zero, or anything empty. */
export function isFalsy(value: JsonValue): boolean {
  if (typeof value !== 'object' || value === null) return !value;
  if (isRawJson(value)) return Number(value.rawJSON) === 0;
  return Array.isArray(value) ? value.length === 0 : Object.keys(value).length === 0;
}

/** A string in stored JSON, or null. */
export function text(value: JsonValue | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

/** A number in stored JSON, or null. */
export function number(value: JsonValue | undefined): number | null {
  if (typeof value === 'number') return value;
  return typeof value === 'object' && value !== null && isRawJson(value) ? Number(value.rawJSON) : null;
}

function isTexts(value: JsonValue): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
