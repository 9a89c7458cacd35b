import { type JsonValue, parseJson } from '@mintaka/contract';
import type { FastifyRequest } from 'fastify';
import { InvalidRequestError } from './errors.ts';
import { jsonSyntaxError } from './json-syntax-error.ts';

/** A body as it came: `present` where there was one at all. */
export type ReceivedBody = { present: boolean; value: JsonValue | undefined };

const nothing: ReceivedBody = { present: false, value: undefined };

/**
 * The request's body, parsed. Bodies that name another media type than JSON are kept as the text they are, for the
 * schema to refuse.
 * @throws InvalidRequestError where JSON was promised and is none.
 */
export function readBody(request: FastifyRequest, wanted: boolean): ReceivedBody {
  const { body } = request;
  if (!wanted || !(body instanceof Buffer) || body.length === 0) return nothing;
  const text = body.toString('utf8');
  if (!isJson(request.headers['content-type'])) return { present: true, value: text };
  try {
    return { present: true, value: parseJson(text) };
  } catch {
    throw new InvalidRequestError([jsonSyntaxError(text)], text);
  }
}

function isJson(contentType: string | undefined): boolean {
  if (contentType === undefined) return true;
  const mediaType = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return mediaType === 'application/json' || /^application\/.+\+json$/.test(mediaType);
}
