import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { z } from 'zod';
import * as contract from '../../src/index.ts';
import { validationErrors } from '../../src/wire/index.ts';
import { comparable } from '../wire/plain.ts';

/** A body sent to an operation of FastAPI 0.92 with Prefect's schemas, and its errors. Empty means no body. */
type Case = { schema: string; input: string; errors?: unknown[] };

const cases: Case[] = JSON.parse(
  readFileSync(new URL('../reference/fastapi-body-cases.json', import.meta.url), 'utf8'),
);

function schemaNamed(name: string): z.ZodType {
  const found: unknown = Reflect.get(contract, name);
  assert.ok(found instanceof z.ZodType, `${name} is no schema`);
  return found;
}

for (const [name, own] of Map.groupBy(cases, ({ schema }) => schema)) {
  test(`${name} reports errors about whole bodies as FastAPI does`, () => {
    const schema = schemaNamed(name);
    for (const { input, errors = [] } of own) {
      const result = schema.safeParse(input === '' ? undefined : contract.parseSentJson(input));
      const ours = result.success ? [] : validationErrors(result.error, ['body']);
      assert.equal(comparable(ours), comparable(errors), input);
    }
  });
}
