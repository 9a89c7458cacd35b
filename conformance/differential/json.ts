/** JSON whose numbers keep their original text, so that `1` and `1.0` differ. */
export type Json = string | boolean | null | NumberText | Json[] | { [key: string]: Json };

/** A number with its original text. */
export class NumberText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** JSON to send: ordinary values. */
export type Sendable = string | number | boolean | null | Sendable[] | { [key: string]: Sendable };

/** Parses JSON; undefined if the text is not JSON. */
export function parseJson(text: string): Json | undefined {
  try {
    // The type of JSON.parse is unknown with a reviver: here it is JSON with its numbers replaced.
    return JSON.parse(text, keepNumber) as Json;
  } catch {
    return undefined;
  }
}

/** The text of a value, with keys in their order. */
export function jsonText(value: Json): string {
  if (value instanceof NumberText) return value.text;
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, item]) => `${JSON.stringify(key)}:${jsonText(item)}`)
    .join(',')}}`;
}

/** Whether a value is an object with keys. */
export function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof NumberText)
  );
}

/** The member of an object; undefined without one. */
export function member(value: Json | undefined, key: string): Json | undefined {
  return isObject(value) ? value[key] : undefined;
}

function keepNumber(_key: string, value: unknown, context?: { source?: string }): unknown {
  return typeof value === 'number' && context?.source !== undefined ? new NumberText(context.source) : value;
}
