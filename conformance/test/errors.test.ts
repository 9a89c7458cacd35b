import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { createDatabase, type Dialect } from '@mintaka/testing/databases';
import { startOurs } from '@mintaka/testing/ours';
import { installReference } from '@mintaka/testing/reference';
import type { Case, Outcome } from '../errors/case.ts';
import { errorsPage } from '../errors/page.ts';
import { compareErrors, type Findings } from '../errors/run.ts';
import { missing } from './support.ts';

async function findings(dialect: Dialect, wanted?: (one: Case) => boolean): Promise<Findings> {
  const databases = await Promise.all([createDatabase(dialect, 'errors'), createDatabase(dialect, 'errors')]);
  const [reference, ours] = await Promise.all([
    installReference().start({ database: databases[0] }),
    startOurs({ database: databases[1] }),
  ]);
  try {
    return await compareErrors(reference, ours, wanted);
  } finally {
    await Promise.all([reference.stop(), ours.stop()]);
    await Promise.all(databases.map((database) => database.drop()));
  }
}

function told({ asked, reference, ours }: Outcome) {
  const { method, path, kind, detail, headers, body } = asked;
  return { request: `${method} ${path}`, kind, detail, headers, body, reference, ours };
}

test('invalid requests get the same answers as from the reference, and docs/errors.md is up to date (sqlite)', async (t) => {
  const reason = await missing('sqlite');
  if (reason !== false) return t.skip(reason);
  const { outcomes, unexplained, unused } = await findings('sqlite');
  assert.deepEqual(unexplained.map(told), [], 'differences without an explanation');
  assert.deepEqual(
    unused.filter(({ only }) => only === undefined || only === 'sqlite').map(({ reason }) => reason),
    [],
    'explanations without a difference',
  );
  assert.deepEqual(outcomes.filter(({ ours }) => ours.status >= 500).map(told), [], 'faults of the server');
  const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');
  assert.equal(page, errorsPage(outcomes), 'npx node conformance/errors/write.ts writes the page');
});

test('invalid requests get the same answers as from the reference (postgres)', async (t) => {
  const reason = await missing('postgres');
  if (reason !== false) return t.skip(reason);
  // Single values are validated before the database is used; the other test covers them.
  const { outcomes, unexplained } = await findings('postgres', ({ kind }) => kind !== 'wrong value');
  assert.deepEqual(unexplained.map(told), [], 'differences without an explanation');
  assert.deepEqual(outcomes.filter(({ ours }) => ours.status >= 500).map(told), [], 'faults of the server');
});
