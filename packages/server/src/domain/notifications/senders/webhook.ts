import { isRawJson, type JsonValue } from '@mintaka/contract';
import { UnusableBlockError } from '../block-fields.ts';
import type { HttpDelivery } from '../delivery.ts';
import { appName, patience, type Sender } from '../sender.ts';

const bodiless: readonly string[] = ['GET', 'HEAD'];

/** Calls a webhook with `{"subject": ..., "body": ...}`. */
export const sendToWebhook: Sender = ({ fields, message }) => {
  const method = methodOf(fields.optional('method'));
  const body = bodiless.includes(method) ? undefined : JSON.stringify(message);
  const headers = { ...(body === undefined ? {} : jsonType), ...lowerCased(fields.mapping('headers')) };
  return [request(fields.text('url'), { method, headers, body, timeout: patience })];
};

/**
 * Calls a webhook with a custom body: `json_data` or `form_data`. `{{subject}}`, `{{body}}`, `{{name}}` and the names of
 * `secrets` are replaced with their values, also in the URL, its `params`, the headers and the cookies.
 */
export const sendToCustomWebhook: Sender = ({ fields, message }) => {
  const known = new Map(
    Object.entries({ ...fields.mapping('secrets'), ...message, name: fields.optional('name') ?? '' }),
  );
  let length = 0;
  const fill = (text: string) => {
    const whole = filled(text, known, longestRequest - length);
    length += whole.length;
    return whole;
  };
  const fillAll = (name: string) =>
    Object.entries(fields.mapping(name)).map(([key, text]) => [fill(key), fill(text)]);
  const url = URL.parse(fill(fields.text('url')));
  if (url === null) throw new UnusableBlockError('the block has no valid URL');
  for (const [key = '', text = ''] of fillAll('params')) url.searchParams.append(key, text);
  const cookies = fillAll('cookies').map(([key, text]) => `${key}=${text}`);
  const json = fields.value('json_data');
  const form = fields.value('form_data');
  if (json !== undefined && form !== undefined) {
    throw new UnusableBlockError('the block has both json_data and form_data');
  }
  const headers = {
    ...(json === undefined ? {} : jsonType),
    ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
    ...(cookies.length === 0 ? {} : { cookie: cookies.join('; ') }),
    ...lowerCased(Object.fromEntries(fillAll('headers'))),
  };
  const body =
    json !== undefined
      ? JSON.stringify(filledJson(json, fill))
      : form !== undefined
        ? new URLSearchParams(Object.fromEntries(fillAll('form_data'))).toString()
        : undefined;
  const method = methodOf(fields.optional('method'));
  const timeout = Math.min(fields.number('timeout', patience), longest);
  return [
    request(url.href, { method, headers, body: bodiless.includes(method) ? undefined : body, timeout }),
  ];
};

/** The maximum timeout of a webhook, in seconds, whatever its block says. */
const longest = 30;

/** The maximum length of a request after names are replaced. */
const longestRequest = 1_000_000;

const jsonType = { 'content-type': 'application/json' };

function request(
  url: string,
  rest: Pick<HttpDelivery, 'method' | 'headers' | 'body' | 'timeout'>,
): HttpDelivery {
  return { kind: 'http', url, ...rest, headers: { 'user-agent': appName, ...rest.headers } };
}

function methodOf(name: string | null): string {
  const method = (name || 'POST').toUpperCase();
  if (/^(?:GET|POST|PUT|PATCH|DELETE|HEAD)$/.test(method)) return method;
  throw new UnusableBlockError('the method of the block must be GET, POST, PUT, PATCH, DELETE or HEAD');
}

function lowerCased(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** @throws UnusableBlockError if the text would be longer than `limit` */
function filled(text: string, known: ReadonlyMap<string, string>, limit: number): string {
  let length = text.length;
  const whole = text.replaceAll(/\{\{\s*([\w.-]+)\s*\}\}/g, (placeholder, name: string) => {
    const value = known.get(name) ?? placeholder;
    length += value.length - placeholder.length;
    if (length > limit) throw tooLong();
    return value;
  });
  if (length > limit) throw tooLong();
  return whole;
}

function tooLong(): UnusableBlockError {
  return new UnusableBlockError(`the request has more than ${longestRequest} characters`);
}

function filledJson(value: JsonValue, fill: (text: string) => string): JsonValue {
  if (typeof value === 'string') return fill(value);
  if (typeof value !== 'object' || value === null || isRawJson(value)) return value;
  if (Array.isArray(value)) return value.map((item) => filledJson(item, fill));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [fill(key), filledJson(item, fill)]));
}
