import { WRITTEN_OUT_DIGITS } from '@mintaka/contract';

/** What a JSON body may ask of the server. */
export type BodyLimits = {
  /** How many levels of arrays and objects may be nested. */
  depth: number;
  /** How many items arrays and objects may have, taken together. */
  values: number;
};

/** Which limit a body breaks. */
export type BodyFault = 'depth' | 'values' | 'numbers';

/** How far a body has been scanned. It is plain data: the scan may stop at any byte and go on later, or elsewhere. */
export type BodyScan = {
  /** The place of the next byte. */
  at: number;
  depth: number;
  values: number;
  /** How many digits the exponents so far add. */
  writtenOut: number;
  within: 'structure' | 'string' | 'escape' | 'exponent';
  /** The exponent that is being read, without its sign. */
  exponent: number;
  /** The place of the next backslash, as far as it is known. */
  backslash: number;
  /** The place of the next quote, as far as it is known: a string of many escapes is not searched again for each of them. */
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
/** The letter before the `e` of `true` and `false`, which begins no exponent. */
const wordLetters = new Set([code('u'), code('s')]);

/** Beyond it a number is null or zero, which takes no room. */
const largestExponent = 400;

/** How many bytes of a string are looked at one by one, before a search is quicker. */
const shortString = 24;

/**
 * Scans a body of JSON in UTF-8 up to a byte, in time linear in the bytes and without calling itself; gives the limit that it
 * breaks, if it does. A body that is not JSON is scanned, too; what is wrong with it is for the parser to say. The last byte of
 * a body has to be followed by a call with `end` beyond it.
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

/** Scans until a string or an exponent begins. */
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

/** What is escaped is one letter as far as quotes are concerned. */
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
