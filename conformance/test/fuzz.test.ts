import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FuzzOptions, fuzz } from '../fuzz/fuzz.ts';
import { missing, size } from './support.ts';

const seed = size('MINTAKA_TEST_FUZZ_SEED', 1);
const examples = size('MINTAKA_TEST_FUZZ_EXAMPLES', 10);

// Most of what the boundaries of the schemas reach is the same on both databases.
const runs: readonly Pick<FuzzOptions, 'dialect' | 'phases'>[] = [
  { dialect: 'sqlite', phases: ['coverage', 'fuzzing', 'stateful'] },
  { dialect: 'postgres', phases: ['fuzzing', 'stateful'] },
];

for (const { dialect, phases } of runs) {
  test(`generated requests get no 5xx and only described answers, on ${dialect}`, async (t) => {
    const reason = await missing(dialect);
    if (reason !== false) return t.skip(reason);

    const { passed, cases, answers, output } = await fuzz({ dialect, phases, seed, examples });

    t.diagnostic(`${cases} requests; ${answers}`);
    assert.ok(passed, output);
    assert.ok(cases > 100 * examples, `only ${cases} requests were made`);
  });
}
