import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readCoverage } from '@mintaka/testing/coverage';
import { apiPage } from '../docs/api-page.ts';
import { decisionsPage } from '../docs/decisions-page.ts';
import { limitsPage } from '../docs/limits-page.ts';
import { publishedApi } from '../docs/published.ts';
import { settingsPage } from '../docs/settings-page.ts';

const root = new URL('../../', import.meta.url);

function read(page: string): string {
  return readFileSync(new URL(`docs/${page}`, root), 'utf8');
}

test('docs/adr/README.md is up to date (npm run docs generates it)', () => {
  assert.equal(read('adr/README.md'), decisionsPage(fileURLToPath(root)));
});

test('docs/settings.md is up to date (npm run docs generates it)', () => {
  assert.equal(read('settings.md'), settingsPage());
});

test('docs/limits.md is up to date (npm run docs generates it)', () => {
  assert.equal(read('limits.md'), limitsPage());
});

test('docs/api.md is up to date (npm run docs generates it)', async () => {
  assert.equal(read('api.md'), apiPage(await publishedApi(), readCoverage()));
});

test('every operation of the API has a test, and each named test file exists', async () => {
  const coverage = readCoverage();
  const operations = Object.entries((await publishedApi()).paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );

  assert.deepEqual(
    operations.filter((name) => (coverage[name] ?? []).length === 0),
    [],
  );
  assert.match(
    read('api.md'),
    /\b109 of the 109 operations of Prefect 2.8 are implemented and succeed in a test/,
  );
  for (const file of new Set(Object.values(coverage).flat()))
    assert.ok(existsSync(new URL(file, root)), file);
});
