/** An error in a text that is not JSON, in the words of Python's parser, with its position. */
export type JsonProblem = { message: string; position: number };

/** The positions of `NaN` and `Infinity`, which only Python's parser accepts, from (inclusive) to (exclusive). */
export type JsonConstants = { from: number; to: number }[];

class ProblemFound extends Error {
  readonly problem: JsonProblem;

  constructor(message: string, position: number) {
    super(message);
    this.problem = { message, position };
  }
}

const code = (letter: string) => letter.charCodeAt(0);
const quote = code('"');
const backslash = code('\\');
const minus = code('-');
const zero = code('0');
const escapes = new Set(['"', '\\', '/', 'b', 'f', 'n', 'r', 't'].map(code));
const constants = ['NaN', 'Infinity', '-Infinity'];
const words = ['null', 'true', 'false', ...constants];

/**
 * Parses a text by the grammar of Python's `json.loads`, whose error messages the reference returns. Returns the first error,
 * or the positions of the constants that JSON itself does not have. Does not use recursion.
 */
export function scanJson(text: string): JsonProblem | JsonConstants {
  const reading: Reading = { text, at: 0, constants: [] };
  try {
    readDocument(reading);
    return reading.constants;
  } catch (error) {
    if (error instanceof ProblemFound) return error.problem;
    throw error;
  }
}

/** A text and the current position in it. */
type Reading = { readonly text: string; at: number; readonly constants: JsonConstants };

function readDocument(reading: Reading): void {
  /** The letters that close the arrays and objects that are open. */
  const open: string[] = [];
  skipSpace(reading);
  do {
    const closing = readStart(reading);
    if (closing === undefined) readEnds(reading, open);
    else open.push(closing);
  } while (open.length > 0);
  if (reading.at < reading.text.length) fail(reading, 'Extra data');
}

/** Reads a value, or the beginning of an array or object up to its first value; then returns its closing character. */
function readStart(reading: Reading): ']' | '}' | undefined {
  const closing = isAt(reading, '[') ? ']' : isAt(reading, '{') ? '}' : undefined;
  if (closing === undefined) {
    readScalar(reading);
    return undefined;
  }
  skipWithSpace(reading);
  if (isAt(reading, closing)) {
    reading.at += 1;
    return undefined;
  }
  if (closing === '}') readKey(reading);
  return closing;
}

/** After a value: reads the ends of arrays and objects, and a comma if another value follows. */
function readEnds(reading: Reading, open: string[]): void {
  skipSpace(reading);
  for (let closing = open.at(-1); closing !== undefined; closing = open.at(-1)) {
    if (!isAt(reading, closing)) {
      if (!isAt(reading, ',')) fail(reading, "Expecting ',' delimiter");
      skipWithSpace(reading);
      if (closing === '}') readKey(reading);
      return;
    }
    open.pop();
    skipWithSpace(reading);
  }
}

function readKey(reading: Reading): void {
  if (!isAt(reading, '"')) fail(reading, 'Expecting property name enclosed in double quotes');
  readString(reading);
  skipSpace(reading);
  if (!isAt(reading, ':')) fail(reading, "Expecting ':' delimiter");
  skipWithSpace(reading);
}

function readScalar(reading: Reading): void {
  if (isAt(reading, '"')) readString(reading);
  else if (!readWord(reading) && !readNumber(reading)) fail(reading, 'Expecting value');
}

function readString(reading: Reading): void {
  const start = reading.at;
  reading.at += 1;
  while (reading.at < reading.text.length) {
    const letter = letterAt(reading, reading.at);
    if (letter <= 0x1f) fail(reading, 'Invalid control character at');
    reading.at += 1;
    if (letter === quote) return;
    if (letter === backslash) readEscape(reading, start);
  }
  fail(reading, 'Unterminated string starting at', start);
}

function readEscape(reading: Reading, start: number): void {
  const { length } = reading.text;
  if (reading.at >= length) fail(reading, 'Unterminated string starting at', start);
  const letter = letterAt(reading, reading.at);
  if (letter !== code('u')) {
    if (!escapes.has(letter)) fail(reading, 'Invalid \\escape', reading.at - 1);
    reading.at += 1;
    return;
  }
  if (reading.at + 5 >= length) fail(reading, 'Invalid \\uXXXX escape');
  const unit = readHex(reading);
  const isHigh = unit >= 0xd800 && unit <= 0xdbff;
  if (isHigh && reading.at + 6 < length && reading.text.startsWith('\\u', reading.at)) {
    const second = reading.at;
    reading.at += 1;
    const low = readHex(reading);
    if (low < 0xdc00 || low > 0xdfff) reading.at = second;
  }
}

/** Reads `uXXXX`. */
function readHex(reading: Reading): number {
  const digits = reading.text.slice(reading.at + 1, reading.at + 5);
  if (!/^[\da-f]{4}$/i.test(digits)) fail(reading, 'Invalid \\uXXXX escape');
  reading.at += 5;
  return Number.parseInt(digits, 16);
}

function readWord(reading: Reading): boolean {
  const word = words.find((candidate) => reading.text.startsWith(candidate, reading.at));
  if (word === undefined) return false;
  if (constants.includes(word)) reading.constants.push({ from: reading.at, to: reading.at + word.length });
  reading.at += word.length;
  return true;
}

function readNumber(reading: Reading): boolean {
  let at = letterAt(reading, reading.at) === minus ? reading.at + 1 : reading.at;
  if (!isDigit(reading, at)) return false;
  at = letterAt(reading, at) === zero ? at + 1 : skipDigits(reading, at);
  if (letterAt(reading, at) === code('.') && isDigit(reading, at + 1)) at = skipDigits(reading, at + 1);
  if (letterAt(reading, at) === code('e') || letterAt(reading, at) === code('E')) {
    const sign = letterAt(reading, at + 1);
    const digits = sign === code('+') || sign === minus ? at + 2 : at + 1;
    if (isDigit(reading, digits)) at = skipDigits(reading, digits);
  }
  reading.at = at;
  return true;
}

function skipDigits(reading: Reading, from: number): number {
  let at = from;
  while (isDigit(reading, at)) at += 1;
  return at;
}

function isDigit(reading: Reading, at: number): boolean {
  const letter = letterAt(reading, at);
  return letter >= zero && letter <= zero + 9;
}

/** NaN beyond the end, which equals no character. */
function letterAt(reading: Reading, at: number): number {
  return reading.text.charCodeAt(at);
}

function isAt(reading: Reading, letter: string): boolean {
  return letterAt(reading, reading.at) === code(letter);
}

function skipWithSpace(reading: Reading): void {
  reading.at += 1;
  skipSpace(reading);
}

function skipSpace(reading: Reading): void {
  while (isSpace(letterAt(reading, reading.at))) reading.at += 1;
}

function isSpace(letter: number): boolean {
  return letter === 0x20 || letter === 0x0a || letter === 0x0d || letter === 0x09;
}

function fail(reading: Reading, message: string, position = reading.at): never {
  throw new ProblemFound(message, position);
}
