import { parseJson, parsePlainJson } from './parse.ts';
import type { JsonObject, JsonValue } from './value.ts';
import { storedJson, writeJson } from './write.ts';

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
    // Whoever made the text from a value, or looked at its beginning, says what it holds.
    return parsePlainJson(this.text) as Value;
  }

  /** The value, its numbers unchanged as {@link parseJson} keeps them. @throws SyntaxError if the text is not JSON. */
  parseExactly(): Value {
    return parseJson(this.text) as Value;
  }

  /** Lets `JSON.stringify` write the value. */
  toJSON(): JsonValue {
    return this.parseExactly();
  }
}

/** A JSON value as text that `JSON.parse` reads, without spaces. {@link JsonText} is copied unread; undefined becomes null. */
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

/** What a JSON string cannot hold unescaped. */
const escaped = /[^ !#-[\]-\ud7ff\ue000-\uffff]/;

/** A string as JSON text. */
export function encodeText(value: string): string {
  return escaped.test(value) ? JSON.stringify(value) : `"${value}"`;
}
