import type { LogicalRequest } from './client.ts';
import type { Sendable } from './json.ts';
import type { Random } from './random.ts';
import { wrongValues } from './values.ts';

const malformedTexts = [
  '',
  ' ',
  '{',
  '{"name": ',
  '{"name": "x",}',
  '{"a" 1}',
  '[1, 2',
  'null',
  'true',
  '1',
  '"text"',
  '[]',
  '{}',
  '{} {}',
  "{'a': 1}",
  'name=x',
  '\u0000',
] as const;

/** Makes a request invalid in one of many ways. */
export function spoil(request: LogicalRequest, random: Random): LogicalRequest {
  const roll = random.fraction();
  if (roll < 0.55 && request.body !== undefined) return { ...request, body: spoilBody(request.body, random) };
  if (roll < 0.68) return { ...request, rawBody: random.pick(malformedTexts) };
  if (roll < 0.73 && request.body !== undefined) {
    const text = JSON.stringify(request.body);
    return { ...request, rawBody: text.slice(0, random.below(text.length)) };
  }
  if (roll < 0.78)
    return { ...request, method: random.pick(['GET', 'PUT', 'PATCH', 'DELETE', 'POST', 'HEAD']) };
  if (roll < 0.86) return { ...request, path: otherSlash(request.path) };
  if (roll < 0.93) return { ...request, headers: { 'x-prefect-api-version': someVersion(random) } };
  if (roll < 0.96)
    return { ...request, headers: { 'content-type': random.pick(['text/plain', 'application/x-json', '']) } };
  return { ...request, path: `${request.path}/nowhere` };
}

/** Versions that a client may claim. */
export function someVersion(random: Random): string {
  return random.pick([
    '0.8.4',
    '0.8.3',
    '0.8.2',
    '0.8.0',
    '0.7.9',
    '1.0.0',
    '0.9.0',
    '0.8',
    'abc',
    '0.8.x',
    '0.8.4.1',
    ' 0.8.4 ',
  ]);
}

function otherSlash(path: string): string {
  if (path === '/') return path; // without its slash it is a page's
  const [address = '', query] = path.split('?');
  const other = address.endsWith('/') ? address.slice(0, -1) : `${address}/`;
  return query === undefined ? other : `${other}?${query}`;
}

/** Changes one value in a body: a wrong value, a missing or an unknown key. */
function spoilBody(body: Sendable, random: Random): Sendable {
  if (Array.isArray(body) && body.length > 0 && random.chance(0.8)) {
    const place = random.below(body.length);
    return body.map((item, index) => (index === place ? spoilBody(item, random) : item));
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return random.pick(wrongValues);
  const keys = Object.keys(body);
  const roll = random.fraction();
  if (roll < 0.15)
    return {
      ...body,
      [random.pick(['unknown', 'id', 'created', 'extra_', 'Name'])]: random.pick(wrongValues),
    };
  if (keys.length === 0 || roll < 0.2) return random.pick(wrongValues);
  const key = random.pick(keys);
  if (roll < 0.4) return Object.fromEntries(Object.entries(body).filter(([name]) => name !== key));
  if (roll < 0.65) return { ...body, [key]: random.pick(wrongValues) };
  return { ...body, [key]: spoilBody(body[key] ?? null, random) };
}
