/** Any JSON value that clients send and receive: the result of `JSON.parse`. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** Any JSON value of a request or a row. Numbers that JavaScript would change are {@link RawJson}. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | RawJson
  | JsonValue[]
  | { [key: string]: JsonValue };

/** A JSON object. */
export type JsonObject = { [key: string]: JsonValue };

/** A number kept as text, such as `1.0` or `12345678901234567890`; `JSON.stringify` writes it verbatim. */
export type RawJson = { readonly rawJSON: string };

declare global {
  interface JSON {
    /**
     * Creates an object that `JSON.stringify` writes as the given text (ECMAScript's source text access proposal).
     */
    rawJSON(text: string): RawJson;
    /** Whether a value was made by {@link JSON.rawJSON}. */
    isRawJSON(value: unknown): value is RawJson;
  }
}

/** Whether a value is a number kept as text. */
export function isRawJson(value: unknown): value is RawJson {
  return typeof value === 'object' && value !== null && JSON.isRawJSON(value);
}

/** A member of an object by a name that a client chose: `constructor` and `__proto__` are names like others. */
export function memberOf(object: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** Sets a member of an object by a name that a client chose. */
export function setMember<Value>(object: { [key: string]: Value }, name: string, value: Value): void {
  if (name !== '__proto__') object[name] = value;
  else Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}
