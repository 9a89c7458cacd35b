import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { TemporarilyUnavailableError } from '../../../src/domain/errors.ts';
import { createSchemaChecks, type SchemaChecks } from '../../../src/domain/schema-checks/schema-checks.ts';
import type { JobLimits } from '../../../src/job-thread.ts';

/** Enough time for a check that ends by itself, and not for one that does not. */
const limits: JobLimits = { seconds: 3, mebibytes: 64, waiting: 3 };

const opened: SchemaChecks[] = [];
afterEach(async () => {
  for (const checks of opened.splice(0)) await checks.close();
});

function open(changed: Partial<JobLimits> = {}): SchemaChecks {
  const checks = createSchemaChecks({ ...limits, ...changed });
  opened.push(checks);
  return checks;
}

const check = (schema: object, value: unknown, definitions: object = {}) => ({
  template: JSON.stringify({ job_configuration: {}, variables: { properties: { v: schema }, definitions } }),
  overrides: JSON.stringify({ v: value }),
});

const fitting = check({ type: 'integer' }, 1);
const wrong = check({ type: 'integer' }, 'x');

/** Each level of the value is checked twice at each level above it. */
function exponential(depth: number) {
  const again = { properties: { next: { $ref: '#/definitions/twice' } } };
  let value: object = { end: true };
  for (let level = 0; level < depth; level += 1) value = { next: value };
  return check({ $ref: '#/definitions/twice' }, value, { twice: { type: 'object', allOf: [again, again] } });
}

test('overrides are checked one by one, each with its own verdict', async () => {
  const checks = open();
  const verdicts = await Promise.all([fitting, wrong, fitting].map((one) => checks.judge(one)));
  assert.deepEqual(
    verdicts.map(({ status }) => status),
    ['valid', 'invalid', 'valid'],
  );
});

test('a check that takes too long is ended, and the next one gets a new thread', async () => {
  const checks = open();
  const verdicts = await Promise.all([checks.judge(exponential(60)), checks.judge(wrong)]);
  assert.deepEqual(verdicts, [
    { status: 'unfinished', reason: 'it took more than 3 seconds' },
    { status: 'invalid', kind: 'ValidationError', problem: "'x' is not of type 'integer'" },
  ]);
});

test('a check that takes too much memory is ended, and the next one gets a new thread', async () => {
  const checks = open({ seconds: 60 });
  // A million invalid values, each with its own error.
  const many = check({ items: { allOf: Array(20).fill({ type: 'string' }) } }, Array(300_000).fill(0));
  const verdicts = await Promise.all([checks.judge(many), checks.judge(fitting)]);
  assert.deepEqual(
    verdicts.map(({ status }) => status),
    ['unfinished', 'valid'],
  );
});

test('checks beyond the length of the queue are temporarily refused', async () => {
  const checks = open();
  const asked = [1, 2, 3, 4].map(() => checks.judge(fitting));
  await assert.rejects(checks.judge(fitting), TemporarilyUnavailableError);
  assert.deepEqual(
    (await Promise.all(asked)).map(({ status }) => status),
    ['valid', 'valid', 'valid', 'valid'],
  );
  assert.equal((await checks.judge(fitting)).status, 'valid');
});

test('queued checks fail when the server stops', async () => {
  const checks = open();
  const asked = [exponential(60), fitting].map((one) => checks.judge(one));
  const results = Promise.allSettled(asked);
  await checks.close();
  assert.deepEqual(
    (await results).map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  await assert.rejects(checks.judge(fitting), TemporarilyUnavailableError);
});
