import { isUtf8 } from 'node:buffer';
import {
  type JsonValue,
  MOST_SHOWN_BODY_BYTES,
  MOST_SHOWN_CHARACTERS,
  parseSentJson,
} from '@mintaka/contract';
import { RefusedError } from '../domain/errors.ts';
import { type BodyFault, type BodyLimits, scanBody, startBodyScan } from './body-scan.ts';
import { InvalidRequestError, unreadableBody } from './errors.ts';
import { scanJson } from './json-scanner.ts';
import { jsonSyntaxError } from './json-syntax-error.ts';
import { storableJson } from './storable-text.ts';

/** A body as received. */
export type SentBody = { bytes: Buffer; contentType: string | undefined };

/** A body: `present` if there was one; `shown` as it appears in an answer that refuses it. */
export type ReceivedBody = { present: boolean; value: JsonValue | undefined; shown: JsonValue };

/** How bodies are read. */
export type BodyRules = {
  limits: BodyLimits;
  /** Whether the database can store a NUL; otherwise it is replaced by U+FFFD. */
  takesNul: boolean;
};

const nothing: ReceivedBody = { present: false, value: undefined, shown: null };

/**
 * Reads a body as JSON. A body of another media type is kept as text, for the schema to refuse.
 * @throws InvalidRequestError if it should be JSON and is not; RefusedError 400 if it is unreadable, 413 if it exceeds the
 *   limits
 */
export function readBody(sent: SentBody | undefined, rules: BodyRules): ReceivedBody {
  if (sent === undefined) return nothing;
  const { bytes: body, contentType } = sent;
  if (!isJson(contentType)) return received(body, body.toString('utf8'));
  const bytes = inUtf8(body);
  checkLimits(bytes, rules.limits);
  return received(bytes, parseBody(storableJson(decode(bytes), rules.takesNul), bytes));
}

function received(bytes: Buffer, value: JsonValue): ReceivedBody {
  return { present: true, value, shown: shownBody(bytes, value) };
}

/** A large body is shown by its beginning. */
function shownBody<Value>(bytes: Buffer, value: Value): Value | string {
  if (bytes.length <= MOST_SHOWN_BODY_BYTES) return value;
  return `${bytes.toString('utf8', 0, MOST_SHOWN_CHARACTERS)}... (${bytes.length} bytes)`;
}

/** Checks the limits of a body before it is parsed. */
function checkLimits(bytes: Buffer, limits: BodyLimits): void {
  // Each level and each value takes at least one byte.
  if (bytes.length < Math.min(limits.depth, limits.values)) return;
  const fault = scanBody(startBodyScan(), bytes, bytes.length, limits);
  if (fault !== undefined) throw refusal(fault, limits);
}

function refusal(fault: BodyFault, limits: BodyLimits): RefusedError {
  switch (fault) {
    case 'depth':
      return new RefusedError(400, unreadableBody);
    case 'values':
      return new RefusedError(
        413,
        `The body has more than ${limits.values} values. MINTAKA_API_BODY_VALUES sets this limit.`,
      );
    case 'numbers':
      return new RefusedError(
        413,
        'The body has too many numbers with large exponents: written out, they would take many times its size.',
      );
  }
}

function parseBody(text: string, bytes: Buffer): JsonValue {
  try {
    return parseSentJson(text);
  } catch {
    return parseAsPython(text, bytes);
  }
}

/** Parses what only Python's parser accepts: `NaN` and the infinities become null, as the reference stores them. */
function parseAsPython(text: string, bytes: Buffer): JsonValue {
  const found = scanJson(text);
  if (!Array.isArray(found)) {
    const shown = shownBody(bytes, text);
    throw new InvalidRequestError([jsonSyntaxError(text, found, shown)], shown);
  }
  let kept = 0;
  const pieces: string[] = [];
  for (const { from, to } of found) {
    pieces.push(text.slice(kept, from), 'null');
    kept = to;
  }
  pieces.push(text.slice(kept));
  return parseSentJson(pieces.join(''));
}

/** The body in UTF-8. Python's `json.loads` also accepts UTF-16, recognised by its zero bytes or its byte order mark. */
function inUtf8(body: Buffer): Buffer {
  const [first, second] = body;
  if (second === undefined) return body;
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return recoded(body, 'utf-16le');
  const isBigEndian = (first === 0xfe && second === 0xff) || (first === 0 && second !== 0);
  return isBigEndian ? recoded(body, 'utf-16be') : body;
}

function recoded(body: Buffer, encoding: string): Buffer {
  try {
    return Buffer.from(new TextDecoder(encoding, { fatal: true }).decode(body));
  } catch {
    throw new RefusedError(400, unreadableBody);
  }
}

const byteOrderMark = '\ufeff';

function decode(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new RefusedError(400, unreadableBody);
  const text = bytes.toString('utf8');
  return text.startsWith(byteOrderMark) ? text.slice(1) : text;
}

/**
 * Reduces the media type to JSON or text, because nothing else matters and Fastify would refuse unreadable media types. An
 * empty one is removed, which means JSON.
 */
export function settleMediaType(headers: { 'content-type'?: string | undefined }): void {
  const given = headers['content-type'];
  if (given === undefined) return;
  if (given === '') delete headers['content-type'];
  else headers['content-type'] = isJson(given) ? 'application/json' : 'text/plain';
}

function isJson(contentType: string | undefined): boolean {
  if (contentType === undefined) return true;
  const mediaType = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return mediaType === 'application/json' || /^application\/.+\+json$/.test(mediaType);
}
