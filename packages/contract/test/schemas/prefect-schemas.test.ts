import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { z } from 'zod';
import * as contract from '../../src/index.ts';
import { model } from '../../src/wire/index.ts';
import { comparable, complaints } from '../wire/plain.ts';

/**
 * A body passed to a named Prefect 2.8.0 schema: its errors, or the parsed result (`all`), and the fields that were set
 * (`value`).
 */
type Case = { schema: string; input: string } & (
  | { value: Record<string, unknown>; all: Record<string, unknown> }
  | { errors: unknown[] }
);

const cases: Case[] = JSON.parse(
  readFileSync(new URL('../reference/prefect-schema-cases.json', import.meta.url), 'utf8'),
);

function schemaNamed(name: string): z.ZodType {
  const found: unknown = Reflect.get(contract, name);
  assert.ok(found instanceof z.ZodType, `${name} is no schema`);
  return found;
}

for (const [name, own] of Map.groupBy(cases, ({ schema }) => schema)) {
  test(`${name} reads and refuses bodies as Prefect's schema does`, () => {
    const holder = model('Holder', { v: schemaNamed(name) });
    assert.deepEqual(
      own.map((body) => difference(body, holder)).filter((found) => found !== undefined),
      [],
    );
  });
}

function difference(body: Case, holder: z.ZodType<{ v: unknown }>): string | undefined {
  const result = holder.safeParse({ v: contract.parseSentJson(body.input) });
  if ('errors' in body) {
    const ours = comparable(result.success ? result.data.v : complaints(result.error));
    return ours === comparable(body.errors) ? undefined : tell(body, ours, body.errors);
  }
  if (!result.success) return tell(body, comparable(complaints(result.error)), body.all);
  const read = Object.entries(Object(result.data.v));
  const wrong = read.filter(([key, value]) => same(value) !== same(body.all[key]));
  const lost = Object.keys(body.value).filter((key) => !read.some(([ours]) => ours === key));
  if (wrong.length === 0 && lost.length === 0) return undefined;
  return tell(body, comparable(result.data.v), body.all);
}

/** Fields of a nested object that are null may as well be absent. */
function same(value: unknown): string {
  return comparable(withoutNulls(value) ?? null);
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null || contract.isRawJson(value)) return value;
  if (value instanceof contract.JsonText) return withoutNulls(value.parseExactly());
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, item]) => [key, withoutNulls(item)])
      .filter(([, item]) => item !== null),
  );
}

function tell({ input }: Case, ours: string, theirs: unknown): string {
  return `${input}: ${ours} instead of ${comparable(theirs)}`;
}
