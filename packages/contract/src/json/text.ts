import { parseJson, parsePlainJson } from './parse.ts';
import type { JsonObject, JsonValue } from './value.ts';
import { storedJson, writeJson } from './write.ts';

/**
 * JSON kept as text. Free JSON, such as the parameters of a run, passes through the server in this form: it is parsed
 * once for validation, then stored and returned without being parsed again, whatever its size and depth. `Value` is
 * the type of its content.
 */
export class JsonText<Value extends JsonValue = JsonValue> {
  /** The text, in the form that {@link storedJson} or the database writes. */
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** Parses the text, with numbers as doubles. @throws SyntaxError if the text is not JSON. */
  parse(): Value {
    // The code that created the text guarantees its type.
    return parsePlainJson(this.text) as Value;
  }

  /** Parses the text, with exact numbers like {@link parseJson}. @throws SyntaxError if the text is not JSON. */
  parseExactly(): Value {
    return parseJson(this.text) as Value;
  }

  /** Supports `JSON.stringify`. */
  toJSON(): JsonValue {
    return this.parseExactly();
  }
}

/**
 * Writes a value as JSON that `JSON.parse` reads, without spaces. {@link JsonText} is copied without parsing;
 * undefined becomes null.
 */
export function encodeJson(value: unknown): string {
  return value instanceof JsonText ? value.text : writeJson(value);
}

/** A value as {@link JsonText}, in its stored form. */
export function jsonText<Value extends JsonValue>(value: Value): JsonText<Value> {
  return new JsonText<Value>(storedJson(value));
}

/** The JSON null. */
export const JSON_NULL: JsonText<null> = new JsonText('null');
/** The empty JSON object. */
export const EMPTY_OBJECT: JsonText<JsonObject> = new JsonText('{}');

/** Characters that must be escaped in a JSON string. */
const escaped = /[^ !#-[\]-\ud7ff\ue000-\uffff]/;

/** A string as JSON text. */
export function encodeText(value: string): string {
  return escaped.test(value) ? JSON.stringify(value) : `"${value}"`;
}
