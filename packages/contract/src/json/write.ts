import { escapeNonAscii } from './ascii.ts';
import { isBeyondRange } from './number.ts';
import { isRawJson, type JsonValue } from './value.ts';

/** What stands between items, and between a key and its value. */
type Style = { readonly item: string; readonly key: string };

/** As `JSON.stringify` writes. */
const dense: Style = { item: ',', key: ':' };
/** As Python's `json.dumps` writes. */
const spaced: Style = { item: ', ', key: ': ' };

/** JSON text as `JSON.stringify` writes it, of values of any depth. Undefined becomes null, and is left out of objects. */
export function writeJson(value: unknown): string {
  return ifStackHolds(
    () => JSON.stringify(value) ?? 'null',
    () => writeLevelByLevel(value, dense),
  );
}

/**
 * JSON text as Python's `json.dumps` writes it with its defaults: `", "` and `": "` between items, everything outside
 * ASCII as `\uXXXX`. It is the stored form of every JSON column, so that the two servers' rows compare equal as text. Numbers
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

/** A whole number that is written as one, as Python's are: with all its digits, not `1e+30`. */
export function storedInteger(value: number): JsonValue {
  return Math.abs(value) < 1e21 ? value : JSON.rawJSON(`${BigInt(value)}`);
}

/** Calls functions that call themselves for each level of a value, and others if those run out of stack. */
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

/** What remains to be written of an array or object: values, each with what comes before it. */
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

/** What stands for a value that says itself how it is written. */
function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('toJSON' in value)) return value;
  return typeof value.toJSON === 'function' ? value.toJSON() : value;
}

/** Closes what has nothing left; gives the next value after writing what comes before it. */
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
