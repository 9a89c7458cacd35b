import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findCycles } from '../imports/cycles.ts';

function cyclesOf(files: Record<string, string>): string[] {
  return findCycles(Object.entries(files).map(([path, text]) => ({ path, text })));
}

test('two files that import each other are a cycle, including type imports', () => {
  const cycles = cyclesOf({
    'src/a.ts': "import type { B } from './b.ts'",
    'src/b.ts': "import { a } from './a.ts'",
  });
  assert.equal(cycles.length, 1);
  assert.match(
    cycles[0] ?? '',
    /src: .*\n {2}src\/a\.ts imports src\/b\.ts\n {2}src\/b\.ts imports src\/a\.ts/,
  );
});

test('two folders can be a cycle even if none of their files are', () => {
  const cycles = cyclesOf({
    'src/one/a.ts': "import { d } from '../two/d.ts'",
    'src/one/b.ts': '',
    'src/two/c.ts': "import { b } from '../one/b.ts'",
    'src/two/d.ts': '',
  });
  assert.equal(cycles.length, 1);
});

test('a cycle of three is found behind files that are not part of it', () => {
  const cycles = cyclesOf({
    'src/start.ts': "import './a.ts'",
    'src/a.ts': "import './b.ts'",
    'src/b.ts': "import './c.ts'",
    'src/c.ts': "await import('./a.ts')",
  });
  assert.deepEqual(
    cycles.map((cycle) => cycle.split('\n').length),
    [4],
  );
});

test('a folder may use a file of its parent that its siblings use', () => {
  const files = {
    'src/shared.ts': '',
    'src/rules/a.ts': "import { shared } from '../shared.ts'",
    'src/all.ts': "import { a } from './rules/a.ts'; import { shared } from './shared.ts'",
  };
  assert.deepEqual(cyclesOf(files), []);
});
