import type { Case } from './case.ts';
import { type Json, type Operation, operations } from './operations.ts';
import { particularCases } from './particular.ts';

const json = { 'content-type': 'application/json' };

/** Values that replace a field's value. */
const wrongValues: readonly Json[] = [null, { a: {} }, ['x'], 'not this', -1, true];

/** Every case, in the order in which they are sent. */
export function allCases(): Case[] {
  return [...operations.flatMap(casesOf), ...particularCases];
}

/** The kinds of invalid requests, in the order of the table's columns. */
export const kinds: readonly string[] = [
  'valid',
  'no JSON',
  'broken UTF-8',
  'no body',
  'no object',
  'unknown key',
  'wrong value',
  'limit or offset',
  'media type',
  'bad id',
  'unknown',
  'version header',
  'other method',
  'last slash',
];

function casesOf(operation: Operation): Case[] {
  return [
    make(operation, 'valid', { path: operation.path.replaceAll('⟨doomed ', '⟨spare ') }),
    ...bodyCases(operation),
    ...fieldCases(operation),
    ...pathCases(operation),
    ...headerCases(operation),
    make(operation, 'other method', { method: operation.method === 'PUT' ? 'POST' : 'PUT' }),
    ...slashCases(operation),
  ];
}

type Spoiled = Partial<Pick<Case, 'path' | 'method' | 'headers' | 'body' | 'detail'>>;

function make(operation: Operation, kind: string, spoiled: Spoiled): Case {
  const { method, path, body } = operation;
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  return { kind, operation, method, path, headers: json, ...sent, ...spoiled };
}

function bodyCases(operation: Operation): Case[] {
  if (operation.body === undefined) return [];
  const text = JSON.stringify(operation.body);
  const texts = (kind: string, bodies: readonly string[]) =>
    bodies.map((body) => make(operation, kind, { body, detail: `\`${body.slice(0, 20)}\`` }));
  const { body: _, ...bodiless } = make(operation, 'no body', {});
  return [
    ...texts('no JSON', ['{"name": ', "{'a': 1}", '[1, ]', '{} {}', '﻿{}', '{"a": "\\x"}', 'nul']),
    make(operation, 'broken UTF-8', { body: new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]) }),
    bodiless,
    ...texts('no object', ['null', '[]', '[1]', '"text"', '5', 'true', '{}']),
    ...['text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'nonsense'].map((type) =>
      make(operation, 'media type', { headers: { 'content-type': type }, body: text, detail: type }),
    ),
    make(operation, 'media type', { headers: {}, body: text, detail: 'none' }),
  ];
}

function fieldCases(operation: Operation): Case[] {
  const { body } = operation;
  if (body === undefined) return [];
  const spoil = (kind: string, detail: string, spoiled: Json) =>
    make(operation, kind, { body: JSON.stringify(spoiled), detail });
  const cases = spoiledVariants(body).map(({ at, value, all }) =>
    spoil('wrong value', `\`${at}\`: \`${JSON.stringify(value)}\``, all),
  );
  if (Array.isArray(body)) return cases;
  cases.push(spoil('unknown key', '', { ...body, nonsense: 1 }));
  if ('limit' in body) {
    for (const limit of [0, 200, 201, -1, 'x', '5', 1.5, 10 ** 30, null, []]) {
      cases.push(spoil('limit or offset', `limit ${JSON.stringify(limit)}`, { ...body, limit }));
    }
  }
  if ('offset' in body) {
    for (const offset of [-1, 'x', null]) {
      cases.push(spoil('limit or offset', `offset ${JSON.stringify(offset)}`, { ...body, offset }));
    }
  }
  return cases;
}

type Variant = { at: string; value: Json; all: Json };

/** Every body with one value, at any depth, replaced by another. */
function spoiledVariants(value: Json, at = ''): Variant[] {
  if (typeof value !== 'object' || value === null) return [];
  const entries: [string, Json][] = Array.isArray(value)
    ? value.map((item, index) => [`${index}`, item])
    : Object.entries(value);
  return entries.flatMap(([key, inner]) => {
    const put = (other: Json): Json => {
      if (Array.isArray(value)) return value.with(Number(key), other);
      return { ...value, [key]: other };
    };
    const place = at === '' ? key : `${at}.${key}`;
    // Nothing here may confirm that the database be cleared.
    const wrong = key === 'confirm' ? wrongValues.filter((other) => other !== true) : wrongValues;
    const own = wrong.map((other) => ({ at: place, value: other, all: put(other) }));
    const deeper = spoiledVariants(inner, place).map((variant) => ({ ...variant, all: put(variant.all) }));
    return [...own, ...deeper];
  });
}

function pathCases(operation: Operation): Case[] {
  const names = [...operation.path.matchAll(/⟨(?:doomed )?(\w+)⟩/g)];
  return names.flatMap(([whole, name]) => [
    make(operation, 'unknown', {
      path: operation.path.replace(whole, `⟨doomed ${name}⟩`),
      detail: name ?? '',
    }),
    ...['x', '0', '%20', '99999999-9999-4999-8999-99999999999g', '%F0%9F%90%8D', '⟨flow⟩x'].map((bad) =>
      make(operation, 'bad id', { path: operation.path.replace(whole, bad), detail: `\`${bad}\`` }),
    ),
  ]);
}

/** For every operation. */
const versions = ['banana', '0.7.9', '9.9.9'];
/** Additional versions for operations that create, because some of them check the version themselves. */
const oddVersions = ['0.8', '0.8.4.1', '0.8.0', '', ' 0.8.4 ', '-1.0.0', '1_0.0.0'];

function headerCases(operation: Operation): Case[] {
  const wanted = operation.method === 'POST' ? [...versions, ...oddVersions] : versions;
  return wanted.map((version) =>
    make(operation, 'version header', {
      headers: { ...json, 'x-prefect-api-version': version },
      detail: `\`${version}\``,
    }),
  );
}

function slashCases(operation: Operation): Case[] {
  const [path = '', query] = operation.path.split('?', 2);
  if (query !== undefined) return [];
  const other = path.endsWith('/') ? path.slice(0, -1) : `${path}/`;
  return [make(operation, 'last slash', { path: other })];
}
