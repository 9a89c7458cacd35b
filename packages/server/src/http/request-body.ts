import { type JsonValue, parseJson } from '@mintaka/contract';
import type { FastifyRequest } from 'fastify';
import { RefusedError } from '../domain/errors.ts';
import { InvalidRequestError, unreadableBody } from './errors.ts';
import { scanJson } from './json-scanner.ts';
import { jsonSyntaxError } from './json-syntax-error.ts';

/** A body as it came: `present` where there was one at all. */
export type ReceivedBody = { present: boolean; value: JsonValue | undefined };

const nothing: ReceivedBody = { present: false, value: undefined };

/**
 * The request's body, parsed. Bodies that name another media type than JSON are kept as the text they are, for the
 * schema to refuse.
 * @throws InvalidRequestError where JSON was promised and is none, RefusedError (400) where it cannot be read at all.
 */
export function readBody(request: FastifyRequest, wanted: boolean): ReceivedBody {
  const { body } = request;
  if (!wanted || !(body instanceof Buffer) || body.length === 0) return nothing;
  if (!isJson(request.headers['content-type'])) return { present: true, value: body.toString('utf8') };
  return { present: true, value: parseBody(decodeJson(body)) };
}

function parseBody(text: string): JsonValue {
  try {
    return parseJson(text);
  } catch {
    return parseAsPython(text);
  }
}

/** Takes what Python's parser takes beyond JSON: `NaN` and the infinities, as null, which is how the reference stores them. */
function parseAsPython(text: string): JsonValue {
  const found = scanJson(text);
  if (!Array.isArray(found)) throw new InvalidRequestError([jsonSyntaxError(text, found)], text);
  // The places are counted in code points, so the text is cut up by them, once.
  const letters = [...text];
  let kept = 0;
  const pieces: string[] = [];
  for (const { from, to } of found) {
    pieces.push(letters.slice(kept, from).join(''), 'null');
    kept = to;
  }
  pieces.push(letters.slice(kept).join(''));
  return parseJson(pieces.join(''));
}

/** Text from bytes as Python's `json.loads` decodes them: UTF-8, or UTF-16 that shows by its zeros or its mark. */
function decodeJson(body: Buffer): string {
  try {
    return new TextDecoder(encodingOf(body), { fatal: true }).decode(body);
  } catch {
    throw new RefusedError(400, unreadableBody);
  }
}

function encodingOf(body: Buffer): 'utf-8' | 'utf-16le' | 'utf-16be' {
  const [first, second] = body;
  if (second === undefined) return 'utf-8';
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return 'utf-16le';
  return (first === 0xfe && second === 0xff) || (first === 0 && second !== 0) ? 'utf-16be' : 'utf-8';
}

/**
 * Calls a body JSON or text and nothing else: that is what counts here, and Fastify would refuse what it cannot read as a
 * media type. One that is empty counts as none, which is JSON.
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
