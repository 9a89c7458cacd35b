import { WRITTEN_OUT_DIGITS } from '@mintaka/contract';

/** The limits of a JSON body. */
export type BodyLimits = {
  /** How many levels of arrays and objects may be nested. */
  depth: number;
  /** The maximum number of items in all arrays and objects. */
  values: number;
};

/** Which limit a body breaks. */
export type BodyFault = 'depth' | 'values' | 'numbers';

/** The progress of a scan. It is plain data: the scan can stop at any byte and continue later, or in another thread. */
export type BodyScan = {
  /** The index of the next byte. */
  at: number;
  depth: number;
  values: number;
  /** How many digits the exponents so far add. */
  writtenOut: number;
  within: 'structure' | 'string' | 'escape' | 'exponent';
  /** The exponent that is being read, without its sign. */
  exponent: number;
  /** The index of the next backslash, if known. */
  backslash: number;
  /** The index of the next quote, if known, so that a string with many escapes is not searched again after each of them. */
  quote: number;
};

/** A scan that has not begun. */
export function startBodyScan(): BodyScan {
  return {
    at: 0,
    depth: 0,
    values: 0,
    writtenOut: 0,
    within: 'structure',
    exponent: 0,
    backslash: -1,
    quote: -1,
  };
}

const code = (letter: string) => letter.charCodeAt(0);
const quote = code('"');
const backslash = code('\\');
const comma = code(',');
const openArray = code('[');
const closeArray = code(']');
const openObject = code('{');
const closeObject = code('}');
const zero = code('0');
const nine = code('9');
const capitalE = code('E');
const smallE = code('e');
/** The character before the `e` of `true` and `false`, which does not begin an exponent. */
const wordLetters = new Set([code('u'), code('s')]);

/** Beyond this a number is null or zero, which takes no space. */
const largestExponent = 400;

/** The number of bytes of a string that are checked one by one, before a search is faster. */
const shortString = 24;

/**
 * Scans a JSON body in UTF-8 up to a byte, in linear time and without recursion; returns the limit that it exceeds, if any. A
 * body that is not JSON is also scanned; the parser reports its errors. After the last byte, call it once more with `end`
 * beyond it.
 */
export function scanBody(
  scan: BodyScan,
  bytes: Buffer,
  end: number,
  limits: BodyLimits,
): BodyFault | undefined {
  const last = Math.min(end, bytes.length);
  while (scan.at < last) {
    const fault = scan.within === 'structure' ? scanStructure(scan, bytes, last, limits) : undefined;
    if (fault !== undefined) return fault;
    if (scan.within === 'string') skipString(scan, bytes, last);
    else if (scan.within === 'escape') skipEscape(scan);
    else if (scan.within === 'exponent') readExponent(scan, bytes, last);
  }
  if (scan.values > limits.values) return 'values';
  return scan.writtenOut > WRITTEN_OUT_DIGITS.free + WRITTEN_OUT_DIGITS.perByte * bytes.length
    ? 'numbers'
    : undefined;
}

/** Scans to the beginning of a string or an exponent. */
function scanStructure(
  scan: BodyScan,
  bytes: Buffer,
  end: number,
  { depth: mostDepth, values: mostValues }: BodyLimits,
): BodyFault | undefined {
  let { at, depth, values } = scan;
  let fault: BodyFault | undefined;
  scanning: while (at < end) {
    const byte = bytes[at];
    at += 1;
    switch (byte) {
      case quote:
        scan.within = 'string';
        break scanning;
      case openArray:
      case openObject:
        depth += 1;
        values += 1;
        if (depth > mostDepth) fault = 'depth';
        if (depth > mostDepth || values > mostValues) break scanning;
        break;
      case closeArray:
      case closeObject:
        if (depth > 0) depth -= 1;
        break;
      case comma:
        values += 1;
        if (values > mostValues) break scanning;
        break;
      case smallE:
      case capitalE:
        if (wordLetters.has(bytes[at - 2] ?? 0)) break;
        scan.within = 'exponent';
        scan.exponent = 0;
        break scanning;
    }
  }
  scan.at = at;
  scan.depth = depth;
  scan.values = values;
  return fault ?? (values > mostValues ? 'values' : undefined);
}

/** Skips the rest of a string, up to an escape. */
function skipString(scan: BodyScan, bytes: Buffer, end: number): void {
  const near = Math.min(end, scan.at + shortString);
  for (let at = scan.at; at < near; at += 1) {
    const byte = bytes[at];
    if (byte !== quote && byte !== backslash) continue;
    scan.within = byte === quote ? 'structure' : 'escape';
    scan.at = at + 1;
    return;
  }
  scan.at = near;
  if (near === end) return;
  if (scan.backslash < near) scan.backslash = placeOf(bytes, backslash, near);
  if (scan.quote < near) scan.quote = placeOf(bytes, quote, near);
  scan.within = scan.quote < scan.backslash ? 'structure' : 'escape';
  scan.at = Math.min(scan.quote, scan.backslash) + 1;
}

function placeOf(bytes: Buffer, byte: number, from: number): number {
  const place = bytes.indexOf(byte, from);
  return place < 0 ? bytes.length : place;
}

/** An escaped character is a single character as far as quotes are concerned. */
function skipEscape(scan: BodyScan): void {
  scan.at += 1;
  scan.within = 'string';
}

function readExponent(scan: BodyScan, bytes: Buffer, end: number): void {
  while (scan.at < end) {
    const byte = bytes[scan.at] ?? 0;
    const isSign = byte === code('+') || byte === code('-');
    if (byte >= zero && byte <= nine)
      scan.exponent = Math.min(scan.exponent * 10 + byte - zero, largestExponent);
    else if (!isSign) {
      if (scan.exponent < largestExponent) scan.writtenOut += scan.exponent;
      scan.within = 'structure';
      return;
    }
    scan.at += 1;
  }
}
