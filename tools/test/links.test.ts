import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const pages = globSync('{*.md,{docs,bench,conformance,packages,tools}/**/*.md}', { cwd: root }).filter(
  (path) => !path.includes('node_modules'),
);
const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** The anchors of a page's headings, as GitHub creates them. */
function anchorsOf(path: string): Set<string> {
  const headings = [...read(path).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

test('every link in the documentation leads to an existing file and heading', () => {
  const broken: string[] = [];
  for (const page of pages) {
    for (const [, target = ''] of read(page).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? page : join(dirname(page), path);
      const leads =
        existsSync(join(root, file)) &&
        (anchor === undefined || !file.endsWith('.md') || anchorsOf(file).has(anchor));
      if (!leads) broken.push(`${page}: ${target}`);
    }
  }
  assert.deepEqual(broken, []);
});

test('docs/README.md links to every page of the documentation', () => {
  const index = read('docs/README.md');
  const missing = pages
    .filter((page) => /^docs\/[^/]+\.md$/.test(page) && page !== 'docs/README.md')
    .filter((page) => !index.includes(`(${page.slice('docs/'.length)})`));
  assert.deepEqual(missing, []);
});

test('every source file and folder that docs/architecture.md names exists', () => {
  const roots = ['', 'packages/server/src/', 'packages/contract/src/'];
  const named = [...read('docs/architecture.md').matchAll(/`((?:C\/)?[\w-]+\/[\w/.-]*)`/g)].map(
    ([, path = '']) => path,
  );
  const missing = named.filter((path) => {
    const wanted = path.startsWith('C/')
      ? [`packages/contract/src/${path.slice(2)}`]
      : roots.map((folder) => folder + path);
    return !wanted.some((candidate) => existsSync(join(root, candidate)));
  });
  assert.deepEqual(missing, []);
});

test('each decision has a unique number', () => {
  const numbers = pages.flatMap((page) => /^docs\/adr\/(\d+)-/.exec(page)?.[1] ?? []);
  assert.deepEqual(numbers, [...new Set(numbers)]);
});

test('every table that the server adds is listed in the differences from Prefect', () => {
  const differences = read('docs/differences-from-prefect.md');
  const migrations = globSync('packages/server/src/database/migrations/**/*.ts', { cwd: root }).map(read);
  const tables = new Set(
    migrations.flatMap((text) =>
      [...text.matchAll(/CREATE TABLE (?:IF NOT EXISTS )?"?(mintaka_\w+)/gi)].map(([, name = '']) => name),
    ),
  );
  assert.ok(tables.size > 0);
  for (const table of tables) assert.ok(differences.includes(`\`${table}\``), table);
});
