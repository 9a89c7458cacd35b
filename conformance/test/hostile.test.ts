import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { operations } from '@mintaka/contract';
import { dialects } from '@mintaka/testing/dialect-apps';
import { testPostgres } from '@mintaka/testing/postgres';
import { aimsOf, allTargets } from '../hostile/cases.ts';
import { sendHostile } from '../hostile/hostile.ts';
import { reportOf } from '../hostile/report.ts';
import { size } from './support.ts';

const seed = size('MINTAKA_TEST_HOSTILE_SEED', 1);
/** Two rounds use each target once. */
const requests = size('MINTAKA_TEST_HOSTILE_REQUESTS', Math.ceil(aimsOf(allTargets(), seed).length / 2));

/** The maximum CPU time of one turn of the event loop, in milliseconds. */
const longestTurn = 250;
/** How much more memory may be in use after a round of requests than after the round before. */
const memoryGrowth = 1.2;

async function makePlace(t: TestContext, dialect: string): Promise<string | undefined> {
  if (dialect === 'postgres') {
    const postgres = await testPostgres();
    if (postgres !== undefined) t.after(postgres.drop);
    return postgres?.url;
  }
  const folder = mkdtempSync(join(tmpdir(), 'mintaka-hostile-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return `sqlite:///${join(folder, 'hostile.db')}`;
}

for (const dialect of dialects) {
  test(`hostile values in every field of every operation break no answer, no later read and no loop, on ${dialect}`, async (t) => {
    const database = await makePlace(t, dialect);
    if (database === undefined) return t.skip('Postgres is not installed');

    const result = await sendHostile({
      database,
      seed,
      requests,
      rounds: 2,
      sizes: { large: 1_000_000, largeChance: 0.01 },
      reach: { pages: 5, things: 60 },
    });

    t.diagnostic(reportOf(result));
    assert.deepEqual(result.problems, []);
    assert.ok(result.aims > 20 * Object.keys(operations).length, `only ${result.aims} places were spoiled`);
    const [longest] = result.turns;
    assert.ok(longest !== undefined);
    const turn = `seed ${seed}: ${longest.milliseconds} ms for ${longest.requests.join(' | ')}`;
    assert.ok(longest.milliseconds < longestTurn, turn);
    const { first, last } = result.memory;
    assert.ok(last.used < first.used * memoryGrowth, `${first.used} bytes, then ${last.used}`);
  });
}
