import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type * as z from 'zod';
import { parseSentJson } from '../../src/json.ts';
import {
  boolean,
  choice,
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
} from '../../src/wire/index.ts';
import { comparable, complaints } from './plain.ts';

/** A value passed to pydantic 1.10, and its result. */
type Case = { type: string; input: string } & ({ value: unknown } | { errors: unknown[] });

const cases: Case[] = JSON.parse(
  readFileSync(new URL('../reference/pydantic-cases.json', import.meta.url), 'utf8'),
);

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

/** A value of a type as in the recorded table: the members of a set are in any order. */
function written(value: unknown, type: string): unknown {
  return type === 'set' && Array.isArray(value) ? value.map(comparable).toSorted() : value;
}

for (const [name, schema] of Object.entries(types)) {
  test(`${name} accepts and refuses the same values as pydantic`, () => {
    const differing: string[] = [];
    for (const found of cases.filter(({ type }) => type === name)) {
      const result = model('Holder', { v: schema }).safeParse({ v: parseSentJson(found.input) });
      const ours = comparable(result.success ? written(result.data.v, name) : complaints(result.error));
      const theirs = comparable('value' in found ? written(found.value, name) : found.errors);
      // Free JSON is already in its stored form, in which Python's infinities are null.
      if (name === 'json' && found.input === '1e400') assert.equal(ours, 'null');
      else if (ours !== theirs) differing.push(`${found.input}: ${ours} instead of ${theirs}`);
    }
    assert.deepEqual(differing, []);
  });
}
