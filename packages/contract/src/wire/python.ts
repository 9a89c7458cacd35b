import { floatText, isWhole } from '../json/number.ts';
import { isRawJson } from '../json.ts';
import { MOST_SCALAR_CHARACTERS, MOST_SHOWN_CHARACTERS } from '../limits.ts';
import { shortened } from '../text-search.ts';

/** A number of a JSON text: its type in Python, and what Python would print for it. */
export type PythonNumber = { kind: 'int' | 'float'; value: number; text: string };

/** The number of a JSON value (booleans are 0 and 1, as in Python); undefined if it is not a number. */
export function pythonNumber(value: unknown): PythonNumber | undefined {
  if (typeof value === 'number') return fromNumber(value);
  if (typeof value === 'boolean') {
    return { kind: 'int', value: value ? 1 : 0, text: value ? 'True' : 'False' };
  }
  if (!isRawJson(value)) return undefined;
  const source = value.rawJSON;
  const number = Number(source);
  if (isWhole(source)) return { kind: 'int', value: number, text: source };
  return { kind: 'float', value: number, text: floatText(number) };
}

function fromNumber(value: number): PythonNumber {
  if (Number.isInteger(value)) return { kind: 'int', value, text: String(value) };
  return { kind: 'float', value, text: floatText(value) };
}

/** A client's text, {@link quoted} for a message and shortened if it is long. */
export function shownText(text: string): string {
  return quoted(shortened(text, MOST_SHOWN_CHARACTERS));
}

/**
 * A string as Python shows it in a message: in single quotes unless it contains one, with escaped control characters.
 */
export function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let inner = '';
  for (const char of text) inner += escaped(char, quote);
  return quote + inner + quote;
}

const shortEscapes: ReadonlyMap<string, string> = new Map([
  ['\\', '\\\\'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

function escaped(char: string, quote: string): string {
  if (char === quote) return `\\${char}`;
  const short = shortEscapes.get(char);
  if (short !== undefined) return short;
  const code = char.codePointAt(0) ?? 0;
  if (code > 0x20 && code < 0x7f) return char;
  if (char === ' ' || /[\p{L}\p{M}\p{N}\p{P}\p{S}]/u.test(char)) return char;
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (code <= 0xffff) return `\\u${code.toString(16).padStart(4, '0')}`;
  return `\\U${code.toString(16).padStart(8, '0')}`;
}

/** The result of Python's `int()` for a text, or undefined. */
export function pythonInt(text: string): number | undefined {
  if (text.length > MOST_SCALAR_CHARACTERS) return undefined;
  const trimmed = text.trim();
  return /^[+-]?\d+(?:_\d+)*$/.test(trimmed) ? Number(trimmed.replaceAll('_', '')) : undefined;
}

const decimalNumber =
  /^[+-]?(?:\d+(?:_\d+)*(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?:[eE][+-]?\d+(?:_\d+)*)?$/;

/** The result of Python's `float()` for a text, or undefined. */
export function pythonFloat(text: string): number | undefined {
  if (text.length > MOST_SCALAR_CHARACTERS) return undefined;
  const trimmed = text.trim();
  const special = /^([+-]?)(inf(?:inity)?|nan)$/i.exec(trimmed);
  if (special !== null) {
    if (special[2]?.toLowerCase() === 'nan') return Number.NaN;
    return special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  return decimalNumber.test(trimmed) ? Number(trimmed.replaceAll('_', '')) : undefined;
}

/** Whether a JSON value is false in Python: null, false, 0, an empty string, list or object. */
export function isFalsy(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  const number = pythonNumber(value);
  if (number !== undefined) return number.value === 0;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
