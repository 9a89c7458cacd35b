import { parsePlainJson } from '../json/parse.ts';
import type { Operation } from '../operations/operation.ts';
import { ApiError } from './api-error.ts';
import type { ClientOptions, FetchRequest, RequestHeaders } from './types.ts';

/** The parts of a request, before their types are known. */
export type SentParts = {
  readonly params?: unknown;
  readonly query?: unknown;
  readonly headers?: RequestHeaders;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
};

/** An answer, its value parsed as JSON; undefined without a body. */
export type ReceivedAnswer = { status: number; value: unknown; requestId: string | null };

/**
 * Sends one request.
 * @param name the operation by resource and name, for error messages.
 * @throws ApiError for an undeclared status; RangeError for a path parameter that a URL cannot contain.
 */
export async function send(
  options: ClientOptions,
  name: string,
  operation: Operation,
  parts: SentParts,
): Promise<ReceivedAnswer> {
  const path = fillPath(name, operation.path, fieldsOf(parts.params));
  const base = options.baseUrl.endsWith('/') ? options.baseUrl.slice(0, -1) : options.baseUrl;
  const url = `${base}${path}${queryText(fieldsOf(parts.query))}`;
  const response = await options.fetch(url, requestOf(options, operation, parts));
  const { status } = response;
  const requestId = response.headers.get('x-request-id');
  // Always read the body: an unread body keeps its connection busy.
  const text = await response.text();
  const fail = (detail?: string) =>
    new ApiError({ operation: name, status, requestId, body: parse(text) ?? text, detail });
  if (!(status in operation.responses)) throw fail();
  if (operation.responses[status] === undefined) return { status, value: undefined, requestId };
  const value = parse(text);
  if (value === undefined) throw fail('the answer is not JSON; is the base URL that of the API?');
  return { status, value, requestId };
}

function requestOf(options: ClientOptions, { method }: Operation, parts: SentParts): FetchRequest {
  const { body, signal } = parts;
  const text = body === undefined ? undefined : JSON.stringify(body);
  const type = text === undefined ? {} : { 'content-type': 'application/json' };
  return {
    method,
    headers: { ...type, ...headersOf(options.headers), ...headersOf(parts.headers) },
    ...(text === undefined ? {} : { body: text }),
    ...(signal === undefined ? {} : { signal }),
  };
}

function headersOf(headers: RequestHeaders = {}): Record<string, string> {
  const given = Object.entries(headers).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
}

function fillPath(name: string, path: string, params: Record<string, unknown>): string {
  return path.replace(/:(\w+)/g, (_, parameter: string) => {
    const value = String(params[parameter] ?? '');
    // URLs drop such segments, so the request would go to another operation.
    if (value === '' || value === '.' || value === '..') {
      throw new RangeError(`${name}: the path parameter "${parameter}" must not be "${value}"`);
    }
    return encodeURIComponent(value);
  });
}

function queryText(query: Record<string, unknown>): string {
  const pairs = Object.entries(query)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`);
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

/** Parses JSON; undefined if the text is not JSON. */
function parse(text: string): unknown {
  try {
    return parsePlainJson(text);
  } catch {
    return undefined;
  }
}

function fieldsOf(part: unknown): Record<string, unknown> {
  return typeof part === 'object' && part !== null ? { ...part } : {};
}
