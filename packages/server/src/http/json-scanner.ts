/** What is wrong with a text that is no JSON: the words of Python's parser, and the place counted in code points. */
export type JsonProblem = { message: string; position: number };

/** A JSON text that only Python's parser takes: where it has `NaN` or `Infinity`, from (inclusive) to (exclusive). */
export type JsonConstants = { from: number; to: number }[];

/** How deep Python's parser follows nested values before it gives up. */
const deepest = 990;

/** Nested deeper than Python's parser follows. */
export class TooDeepError extends Error {}

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
 * Reads a text by the grammar of Python's `json.loads`, whose complaints clients of the reference know: the place of the
 * first mistake, or the places of the constants that JSON itself does not have.
 * @throws TooDeepError
 */
export function scanJson(text: string): JsonProblem | JsonConstants {
  const reading: Reading = { points: codePoints(text), at: 0, depth: 0, constants: [] };
  try {
    readDocument(reading);
    return reading.constants;
  } catch (error) {
    if (error instanceof ProblemFound) return error.problem;
    throw error;
  }
}

/** A text as far as it has been read. */
type Reading = { readonly points: Uint32Array; at: number; depth: number; readonly constants: JsonConstants };

function readDocument(text: Reading): void {
  skipSpace(text);
  readValue(text);
  skipSpace(text);
  if (text.at < text.points.length) fail(text, 'Extra data');
}

function readValue(text: Reading): void {
  const point = text.points[text.at];
  if (point === quote) readString(text);
  else if (point === code('{')) readNested(text, () => readObject(text));
  else if (point === code('[')) readNested(text, () => readArray(text));
  else if (!readWord(text) && !readNumber(text)) fail(text, 'Expecting value');
}

function readNested(text: Reading, read: () => void): void {
  text.depth += 1;
  if (text.depth > deepest) throw new TooDeepError();
  text.at += 1;
  skipSpace(text);
  read();
  text.at += 1;
  text.depth -= 1;
}

function readObject(text: Reading): void {
  if (isAt(text, '}')) return;
  while (true) {
    if (!isAt(text, '"')) fail(text, 'Expecting property name enclosed in double quotes');
    readString(text);
    skipSpace(text);
    if (!isAt(text, ':')) fail(text, "Expecting ':' delimiter");
    skipWithSpace(text);
    readValue(text);
    skipSpace(text);
    if (isAt(text, '}')) return;
    if (!isAt(text, ',')) fail(text, "Expecting ',' delimiter");
    skipWithSpace(text);
  }
}

function readArray(text: Reading): void {
  if (isAt(text, ']')) return;
  while (true) {
    readValue(text);
    skipSpace(text);
    if (isAt(text, ']')) return;
    if (!isAt(text, ',')) fail(text, "Expecting ',' delimiter");
    skipWithSpace(text);
  }
}

function readString(text: Reading): void {
  const points = text.points;
  const start = text.at;
  text.at += 1;
  while (true) {
    const point = points[text.at];
    if (point === undefined) fail(text, 'Unterminated string starting at', start);
    if (point <= 0x1f) fail(text, 'Invalid control character at');
    text.at += 1;
    if (point === quote) return;
    if (point === backslash) readEscape(text, start);
  }
}

function readEscape(text: Reading, start: number): void {
  const letter = text.points[text.at];
  if (letter === undefined) fail(text, 'Unterminated string starting at', start);
  if (letter !== code('u')) {
    if (!escapes.has(letter)) fail(text, 'Invalid \\escape', text.at - 1);
    text.at += 1;
    return;
  }
  if (text.at + 5 >= text.points.length) fail(text, 'Invalid \\uXXXX escape', text.at);
  const unit = readHex(text);
  const isPair = unit >= 0xd800 && unit <= 0xdbff && text.at + 6 < text.points.length;
  if (isPair && text.points[text.at] === backslash && text.points[text.at + 1] === code('u')) {
    const second = text.at;
    text.at += 1;
    const low = readHex(text);
    if (low < 0xdc00 || low > 0xdfff) text.at = second;
  }
}

/** Reads `uXXXX`. */
function readHex(text: Reading): number {
  const digits = String.fromCodePoint(...text.points.subarray(text.at + 1, text.at + 5));
  if (!/^[\da-f]{4}$/i.test(digits)) fail(text, 'Invalid \\uXXXX escape');
  text.at += 5;
  return Number.parseInt(digits, 16);
}

function readWord(text: Reading): boolean {
  const word = words.find((candidate) => isWord(text, candidate));
  if (word === undefined) return false;
  if (constants.includes(word)) text.constants.push({ from: text.at, to: text.at + word.length });
  text.at += word.length;
  return true;
}

function isWord(text: Reading, word: string): boolean {
  for (let index = 0; index < word.length; index += 1) {
    if (text.points[text.at + index] !== word.charCodeAt(index)) return false;
  }
  return true;
}

function readNumber(text: Reading): boolean {
  let at = text.points[text.at] === minus ? text.at + 1 : text.at;
  if (!isDigit(text, at)) return false;
  at = text.points[at] === zero ? at + 1 : skipDigits(text, at);
  if (text.points[at] === code('.') && isDigit(text, at + 1)) at = skipDigits(text, at + 1);
  if (text.points[at] === code('e') || text.points[at] === code('E')) {
    const sign = text.points[at + 1];
    const digits = sign === code('+') || sign === minus ? at + 2 : at + 1;
    if (isDigit(text, digits)) at = skipDigits(text, digits);
  }
  text.at = at;
  return true;
}

function skipDigits(text: Reading, from: number): number {
  let at = from;
  while (isDigit(text, at)) at += 1;
  return at;
}

function isDigit(text: Reading, at: number): boolean {
  const point = text.points[at];
  return point !== undefined && point >= zero && point <= zero + 9;
}

function isAt(text: Reading, letter: string): boolean {
  return text.points[text.at] === code(letter);
}

function skipWithSpace(text: Reading): void {
  text.at += 1;
  skipSpace(text);
}

function skipSpace(text: Reading): void {
  while (isSpace(text.points[text.at])) text.at += 1;
}

function fail(text: Reading, message: string, position = text.at): never {
  throw new ProblemFound(message, position);
}

function isSpace(point: number | undefined): boolean {
  return point === 0x20 || point === 0x0a || point === 0x0d || point === 0x09;
}

function codePoints(text: string): Uint32Array {
  const points = new Uint32Array(text.length);
  let count = 0;
  for (const letter of text) {
    points[count] = letter.codePointAt(0) ?? 0;
    count += 1;
  }
  return points.subarray(0, count);
}
