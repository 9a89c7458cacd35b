import { exactNumber, isBeyondRange } from './number.ts';
import { isRawJson, type JsonObject, type JsonValue, setMember } from './value.ts';

/**
 * Finds numbers that a double would change: a fraction ending in 0, an exponent, or at least sixteen digits. It
 * matches only where a number can begin, because ids are full of digits and e's, and the exact parser is slower.
 */
const longForm = /(?:^|[:,[\s])-?\d+(?:\.\d*0(?:[^0-9]|$)|(?:\.\d+)?[eE])/;
const manyDigits = /(?:^|[:,[\s])-?[\d.]{16}/;

/**
 * A key that is one escaped character. V8 14.6 reads it as a backslash if it has parsed an earlier object with the
 * same keys up to a key that is a backslash: after `{"a":1,"\\\\":2}`, `JSON.parse` reads `{"a":1,"\\n":2}` with the
 * same keys.
 */
const escapedKey = /"\\(?:u[\da-fA-F]{4}|[^u])"\s*:/;

/**
 * Parses JSON. Numbers are read with {@link exactNumber}; numbers beyond the range of a double become null, as they
 * are stored. Deep nesting does not overflow the stack.
 * @throws SyntaxError if the text is not JSON
 */
export function parseJson(text: string): JsonValue {
  // The most common column value.
  if (text === '{}') return {};
  if (text === '[]') return [];
  return isOrdinary(text) ? JSON.parse(text) : parseExactly(text, storedNumber);
}

/**
 * Like {@link parseJson}, for JSON from a client: numbers beyond the range of a double are kept, so that the types of
 * fields can refuse them.
 * @throws SyntaxError if the text is not JSON
 */
export function parseSentJson(text: string): JsonValue {
  return isOrdinary(text) ? JSON.parse(text) : parseExactly(text, exactNumber);
}

/**
 * Parses JSON as `JSON.parse` does, without its V8 bug. Numbers are doubles.
 * @throws SyntaxError if the text is not JSON
 */
export function parsePlainJson(text: string): JsonValue {
  return isMisread(text) ? parseExactly(text, Number) : JSON.parse(text);
}

function isOrdinary(text: string): boolean {
  return !longForm.test(text) && !manyDigits.test(text) && !isMisread(text);
}

function isMisread(text: string): boolean {
  return text.includes('"\\') && escapedKey.test(text);
}

function storedNumber(source: string): JsonValue {
  const number = exactNumber(source);
  return isRawJson(number) && isBeyondRange(number) ? null : number;
}

/** An array or object being parsed, with the key of its next value. */
type Open = { array: JsonValue[] } | { object: JsonObject; key: string };

/**
 * Parses JSON without `JSON.parse`, which reveals the source of numbers only to a function that it calls for every
 * value.
 */
function parseExactly(text: string, toNumber: (source: string) => JsonValue): JsonValue {
  const reading: Reading = { text, at: 0, toNumber };
  const open: Open[] = [];
  while (true) {
    let value = readStart(reading, open);
    if (value === undefined) continue;
    while (true) {
      const container = open.at(-1);
      if (container === undefined) {
        skipSpace(reading);
        if (reading.at < text.length) fail(reading);
        return value;
      }
      add(container, value);
      if (goesOn(reading, container)) break;
      open.pop();
      value = 'array' in container ? container.array : container.object;
    }
  }
}

/** A text and the current position in it. */
type Reading = { readonly text: string; at: number; readonly toNumber: (source: string) => JsonValue };

const code = (letter: string) => letter.charCodeAt(0);
const quote = code('"');
const backslash = code('\\');
const comma = code(',');
const colon = code(':');
const openArray = code('[');
const closeArray = code(']');
const openObject = code('{');
const closeObject = code('}');

/** Reads a value. If the value is a non-empty container, opens it and returns undefined. */
function readStart(reading: Reading, open: Open[]): JsonValue | undefined {
  switch (skipSpace(reading)) {
    case openObject:
      reading.at += 1;
      if (skipSpace(reading) === closeObject) {
        reading.at += 1;
        return {};
      }
      open.push({ object: {}, key: readKey(reading) });
      return undefined;
    case openArray:
      reading.at += 1;
      if (skipSpace(reading) === closeArray) {
        reading.at += 1;
        return [];
      }
      open.push({ array: [] });
      return undefined;
    case quote:
      return readString(reading);
    default:
      return readWord(reading);
  }
}

function add(container: Open, value: JsonValue): void {
  if ('array' in container) container.array.push(value);
  else setMember(container.object, container.key, value);
}

/** After a value in a container: whether another value follows. Closes the container otherwise. */
function goesOn(reading: Reading, container: Open): boolean {
  const letter = skipSpace(reading);
  reading.at += 1;
  const isArray = 'array' in container;
  if (letter === comma) {
    if (!isArray) container.key = readKey(reading);
    return true;
  }
  if (letter !== (isArray ? closeArray : closeObject)) fail(reading);
  return false;
}

function readKey(reading: Reading): string {
  if (skipSpace(reading) !== quote) fail(reading);
  const key = readString(reading);
  if (skipSpace(reading) !== colon) fail(reading);
  reading.at += 1;
  return key;
}

function readString(reading: Reading): string {
  const { text, at: start } = reading;
  let hasEscapes = false;
  for (let at = start + 1; at < text.length; at += 1) {
    const letter = text.charCodeAt(at);
    if (letter === quote) {
      reading.at = at + 1;
      return hasEscapes ? JSON.parse(text.slice(start, at + 1)) : text.slice(start + 1, at);
    }
    if (letter < 0x20) break;
    if (letter === backslash) {
      hasEscapes = true;
      at += 1;
    }
  }
  return fail(reading);
}

const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const words: ReadonlyMap<string, JsonValue> = new Map<string, JsonValue>([
  ['true', true],
  ['false', false],
  ['null', null],
]);

function readWord(reading: Reading): JsonValue {
  const { text, at } = reading;
  number.lastIndex = at;
  const source = number.exec(text)?.[0];
  if (source !== undefined) {
    reading.at += source.length;
    return reading.toNumber(source);
  }
  for (const [word, value] of words) {
    if (!text.startsWith(word, at)) continue;
    reading.at += word.length;
    return value;
  }
  return fail(reading);
}

/** Skips white space; returns the next character. */
function skipSpace(reading: Reading): number {
  const { text } = reading;
  let letter = text.charCodeAt(reading.at);
  while (letter === 0x20 || letter === 0x0a || letter === 0x0d || letter === 0x09) {
    reading.at += 1;
    letter = text.charCodeAt(reading.at);
  }
  return letter;
}

function fail({ at }: Reading): never {
  throw new SyntaxError(`no JSON at ${at}`);
}
