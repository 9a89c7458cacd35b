import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type * as z from 'zod';
import { isRawJson, parseJson } from '../../src/json.ts';
import {
  boolean,
  choice,
  dateTime,
  dateTimeTz,
  dict,
  duration,
  float,
  integer,
  json,
  jsonObject,
  list,
  literal,
  model,
  set,
  text,
  union,
  uuid,
  validationErrors,
} from '../../src/wire/index.ts';

/** One value given to pydantic 1.10, and what it made of it. */
type Case = { type: string; input: string } & ({ value: unknown } | { errors: unknown[] });

const cases: Case[] = JSON.parse(readFileSync(new URL('../pydantic-cases.json', import.meta.url), 'utf8'));

const point = model('Point', { x: integer(), y: integer().default(2) });

const types: Record<string, z.ZodType> = {
  text: text(),
  shortText: text({ min: 2, max: 4 }),
  slug: text({ pattern: /^[a-z]*$/ }),
  integer: integer(),
  natural: integer({ ge: 0 }),
  between: integer({ gt: 1, lt: 5 }),
  most: integer({ le: 3 }),
  float: float(),
  positive: float({ gt: 0 }),
  boolean: boolean(),
  uuid: uuid(),
  dateTime: dateTime(),
  dateTimeTz: dateTimeTz(),
  duration: duration(),
  choice: choice(['RED', 'BLUE']),
  literal: literal('a'),
  json: json(),
  dict: jsonObject(),
  dictOfInteger: dict(integer()),
  list: list(text()),
  listOfInteger: list(integer()),
  fewItems: list(integer(), { min: 1, max: 2 }),
  set: set(),
  nullableInteger: integer().nullable(),
  model: point,
  strictModel: model('Strict', { x: integer(), o: text().nullable().default(null) }, { extra: 'forbid' }),
  union: union([
    model('A', { kind: literal('a').default('a'), id: uuid() }),
    model('B', { kind: literal('b').default('b'), name: text() }),
  ]),
  intOrList: union([integer(), list(integer())]),
  listOfModel: list(point),
  nullableUnion: union([integer(), list(integer())]).nullable(),
};

/** A value as the table writes it: numbers as doubles, sets in order, what JSON cannot say as Python's word for it. */
function plain(value: unknown, type: string): unknown {
  if (type === 'set' && Array.isArray(value)) return value.map((item) => plain(item, '')).toSorted(byText);
  if (typeof value === 'number' && !Number.isFinite(value)) {
    return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
  }
  if (isRawJson(value)) return plain(Number(value.rawJSON), '');
  if (Array.isArray(value)) return value.map((item) => plain(item, ''));
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? 0 : value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item, '')]));
}

for (const [name, schema] of Object.entries(types)) {
  test(`${name} takes and refuses what pydantic takes and refuses`, () => {
    const differing: string[] = [];
    for (const found of cases.filter(({ type }) => type === name)) {
      const result = model('Holder', { v: schema }).safeParse({ v: parseJson(found.input) });
      const ours = result.success
        ? { value: plain(result.data.v, name) }
        : { errors: plain(relative(result.error), '') };
      const theirs =
        'value' in found ? { value: plain(found.value, name) } : { errors: plain(found.errors, '') };
      const same = [ours, theirs].map((outcome) => JSON.stringify(sorted(outcome)));
      if (same[0] !== same[1]) differing.push(`${found.input}: ${same[0]} instead of ${same[1]}`);
    }
    assert.deepEqual(differing, []);
  });
}

/** The complaints, with places as pydantic tells them for a field of a model. */
function relative(error: z.ZodError): unknown[] {
  return validationErrors(error, ['body']).map((problem) => ({ ...problem, loc: problem.loc.slice(2) }));
}

function byText(left: unknown, right: unknown): number {
  return JSON.stringify(left) < JSON.stringify(right) ? -1 : 1;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, sorted(item)] as const);
  return Object.fromEntries(entries.toSorted(([left], [right]) => (left < right ? -1 : 1)));
}
