/** Any JSON value as clients send and receive it: what `JSON.parse` gives. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** Any JSON value, as a client sent it or as a row holds it. Numbers that JavaScript cannot give back unchanged are {@link RawJson}. */
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

/** A number kept as the text it came in, such as `1.0` or `12345678901234567890`; `JSON.stringify` writes it verbatim. */
export type RawJson = { readonly rawJSON: string };

declare global {
  interface JSON {
    /** Makes an object that `JSON.stringify` writes as the given text (ECMAScript's source text access proposal). */
    rawJSON(text: string): RawJson;
    /** Whether a value was made by {@link JSON.rawJSON}. */
    isRawJSON(value: unknown): value is RawJson;
    parse(
      text: string,
      reviver: (key: string, value: unknown, context: { source?: string }) => unknown,
    ): unknown;
  }
}

/**
 * Look for a number that a double would change: a fraction ending in 0, an exponent, or sixteen digits and more. Only where a
 * number may begin: ids are full of digits and e's, and the slow way costs five times as much.
 */
const longForm = /(?:^|[:,[\s])-?\d+(?:\.\d*0(?:[^0-9]|$)|(?:\.\d+)?[eE])/;
const manyDigits = /(?:^|[:,[\s])-?[\d.]{16}/;

/**
 * Parses JSON without changing a number: what a double would not give back is kept as {@link RawJson}.
 * @throws SyntaxError where the text is no JSON.
 */
export function parseJson(text: string): JsonValue {
  // What most columns of most rows hold.
  if (text === '{}') return {};
  if (text === '[]') return [];
  if (!longForm.test(text) && !manyDigits.test(text)) return JSON.parse(text);
  return JSON.parse(text, keepNumber) as JsonValue;
}

/** Whether a value is a number kept as text. */
export function isRawJson(value: unknown): value is RawJson {
  return typeof value === 'object' && value !== null && JSON.isRawJSON(value);
}

/** A member of an object by a name that a client chose: `constructor` and `__proto__` are names like others. */
export function memberOf(object: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function keepNumber(_key: string, value: unknown, context: { source?: string }): unknown {
  if (typeof value !== 'number' || context.source === undefined) return value;
  if (JSON.stringify(value) === context.source) return value;
  return JSON.rawJSON(context.source);
}

/**
 * JSON kept as text. Free JSON, such as the parameters of a run, passes through the server in this form: parsed once to
 * be checked, then stored and answered without being parsed again, whatever its size and depth. `Value` is what it holds.
 */
export class JsonText<Value extends JsonValue = JsonValue> {
  /** The text, in the form that {@link storedJson} writes or that the database gives. */
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** The value, its numbers as doubles. @throws SyntaxError if the text is not JSON. */
  parse(): Value {
    return JSON.parse(this.text);
  }

  /** The value, its numbers unchanged as {@link parseJson} keeps them. @throws SyntaxError if the text is not JSON. */
  parseExactly(): Value {
    // Whoever made the text from a value, or looked at its beginning, says what it holds.
    return parseJson(this.text) as Value;
  }

  /** Lets `JSON.stringify` write the value. */
  toJSON(): JsonValue {
    return this.parseExactly();
  }
}

/** A JSON value as text that `JSON.parse` reads, without spaces. {@link JsonText} is copied unread; undefined becomes null. */
export function encodeJson(value: unknown): string {
  if (value instanceof JsonText) return value.text;
  return JSON.stringify(value) ?? 'null';
}

/** A value as {@link JsonText}, in its stored form. */
export function jsonText<Value extends JsonValue>(value: Value): JsonText<Value> {
  return new JsonText<Value>(storedJson(value));
}

/** The JSON null. */
export const JSON_NULL: JsonText<null> = new JsonText('null');
/** The empty JSON object. */
export const EMPTY_OBJECT: JsonText<JsonObject> = new JsonText('{}');

/** What a JSON string cannot hold unescaped. */
const escaped = /[^ !#-[\]-\ud7ff\ue000-\uffff]/;

/** A string as JSON text. */
export function encodeText(value: string): string {
  return escaped.test(value) ? JSON.stringify(value) : `"${value}"`;
}

const nonAscii = /[\u007f-\uffff]/g;

/**
 * JSON text as Python's `json.dumps` writes it with its defaults: `", "` and `": "` between items, everything outside
 * ASCII as `\uXXXX`. It is the stored form of every JSON column, so that the two servers' rows compare equal as text.
 */
export function storedJson(value: JsonValue): string {
  const text = write(value);
  return text.replace(nonAscii, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function write(value: JsonValue): string {
  if (typeof value !== 'object' || value === null || isRawJson(value)) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(write).join(', ')}]`;
  const parts: string[] = [];
  for (const key in value) {
    const item = value[key];
    if (item !== undefined) parts.push(`${JSON.stringify(key)}: ${write(item)}`);
  }
  return `{${parts.join(', ')}}`;
}

/** A number that stays a fraction when it is written, as Python's floats do: `3.0`, not `3`. */
export function storedFloat(value: number): JsonValue {
  return Number.isInteger(value) && Math.abs(value) < 1e16 ? JSON.rawJSON(`${value}.0`) : value;
}

/** A whole number that stays one when it is written, as Python's do: with all its digits, not `1e+30`. */
export function storedInteger(value: number): JsonValue {
  return Math.abs(value) < 1e21 ? value : JSON.rawJSON(`${BigInt(value)}`);
}
