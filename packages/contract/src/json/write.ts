import { escapeNonAscii } from './ascii.ts';
import { isBeyondRange } from './number.ts';
import { isRawJson, type JsonValue } from './value.ts';

/** The separators between items, and between a key and its value. */
type Style = { readonly item: string; readonly key: string };

/** As `JSON.stringify` writes. */
const dense: Style = { item: ',', key: ':' };
/** As Python's `json.dumps` writes. */
const spaced: Style = { item: ', ', key: ': ' };

/**
 * Writes JSON as `JSON.stringify` does, for values of any depth. Undefined becomes null, and is omitted from objects.
 */
export function writeJson(value: unknown): string {
  return ifStackHolds(
    () => JSON.stringify(value) ?? 'null',
    () => writeLevelByLevel(value, dense),
  );
}

/**
 * Writes JSON as Python's `json.dumps` does by default: separators `", "` and `": "`, everything outside ASCII as
 * `\uXXXX`. All JSON columns are stored in this form, so that rows of the two servers are equal as text. Numbers
 * beyond the range of a double become null, as NaN and the infinities do in the reference.
 */
export function storedJson(value: JsonValue): string {
  const text = ifStackHolds(
    () => write(value),
    () => writeLevelByLevel(value, spaced),
  );
  return escapeNonAscii(text);
}

/** A float that is written as one, as Python's floats are: `3.0`, not `3`. */
export function storedFloat(value: number): JsonValue {
  return Number.isInteger(value) && Math.abs(value) < 1e16 ? JSON.rawJSON(`${value}.0`) : value;
}

/** An integer written with all its digits like Python's, not as `1e+30`. */
export function storedInteger(value: number): JsonValue {
  return Math.abs(value) < 1e21 ? value : JSON.rawJSON(`${BigInt(value)}`);
}

/** Tries the fast recursive function; if the stack overflows, uses the one without recursion. */
function ifStackHolds(quick: () => string, careful: () => string): string {
  try {
    return quick();
  } catch (error) {
    if (error instanceof RangeError && error.message.includes('call stack')) return careful();
    throw error;
  }
}

function write(value: JsonValue): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (isRawJson(value)) return isBeyondRange(value) ? 'null' : value.rawJSON;
  if (Array.isArray(value)) return `[${value.map(write).join(', ')}]`;
  const parts: string[] = [];
  for (const key in value) {
    const item = value[key];
    if (item !== undefined) parts.push(`${JSON.stringify(key)}: ${write(item)}`);
  }
  return `{${parts.join(', ')}}`;
}

/** The rest of an array or object that is being written: values, each with the text before it. */
type Rest = {
  readonly entries: Iterator<readonly [before: string, value: unknown]>;
  readonly closing: string;
};

/** Writes without calling itself. */
function writeLevelByLevel(value: unknown, style: Style): string {
  const pieces: string[] = [];
  const open: Rest[] = [];
  let next: unknown = value;
  while (true) {
    next = plain(next);
    if (typeof next !== 'object' || next === null) pieces.push(JSON.stringify(next) ?? 'null');
    else if (isRawJson(next)) pieces.push(isBeyondRange(next) ? 'null' : next.rawJSON);
    else if (Array.isArray(next)) {
      pieces.push('[');
      open.push({ entries: itemsOf(next, style), closing: ']' });
    } else {
      pieces.push('{');
      open.push({ entries: membersOf(next, style), closing: '}' });
    }
    const found = nextEntry(open, pieces);
    if (found === undefined) return pieces.join('');
    next = found.value;
  }
}

/** The value of `toJSON`, if the value has that method. */
function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('toJSON' in value)) return value;
  return typeof value.toJSON === 'function' ? value.toJSON() : value;
}

/** Closes finished containers; returns the next value after writing the text before it. */
function nextEntry(open: Rest[], pieces: string[]): { value: unknown } | undefined {
  for (let rest = open.at(-1); rest !== undefined; rest = open.at(-1)) {
    const { done, value } = rest.entries.next();
    if (done !== true) {
      pieces.push(value[0]);
      return { value: value[1] };
    }
    pieces.push(rest.closing);
    open.pop();
  }
  return undefined;
}

function* itemsOf(array: readonly unknown[], style: Style): Generator<readonly [string, unknown]> {
  let before = '';
  for (const item of array) {
    yield [before, item];
    before = style.item;
  }
}

function* membersOf(object: object, style: Style): Generator<readonly [string, unknown]> {
  let before = '';
  for (const [key, item] of Object.entries(object)) {
    if (item === undefined) continue;
    yield [`${before}${JSON.stringify(key)}${style.key}`, item];
    before = style.item;
  }
}
