// Sends hostile values to every operation, on fresh databases, and prints the problems.
// usage: npx node conformance/hostile/run.ts [--dialect sqlite|postgres] [--seed 1] [--seeds 1] [--requests 3000] [--rounds 3] [--only CASE] [--operations flows.] [--large 8388608] [--largeChance 0.01]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { testPostgres } from '@mintaka/testing/postgres';
import { sendHostile } from './hostile.ts';
import { reportOf } from './report.ts';

const { values } = parseArgs({
  options: {
    dialect: { type: 'string', default: 'sqlite' },
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1' },
    requests: { type: 'string', default: '3000' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string' },
    operations: { type: 'string' },
    large: { type: 'string', default: '8000000' },
    largeChance: { type: 'string', default: '0.01' },
  },
});

for (let seed = Number(values.seed); seed < Number(values.seed) + Number(values.seeds); seed += 1) {
  const folder = mkdtempSync(join(tmpdir(), 'mintaka-hostile-'));
  const postgres = values.dialect === 'postgres' ? await testPostgres() : undefined;
  try {
    const result = await sendHostile({
      database: postgres?.url ?? `sqlite:///${join(folder, 'hostile.db')}`,
      seed,
      requests: Number(values.requests),
      rounds: values.only === undefined ? Number(values.rounds) : 1,
      sizes: { large: Number(values.large), largeChance: Number(values.largeChance) },
      reach: { pages: 20, things: 300 },
      only: values.only === undefined ? undefined : Number(values.only),
      operations: values.operations,
      say: (line) => console.log(line),
    });
    console.log(`${values.dialect}, seed ${seed}: ${reportOf(result)}`);
    for (const problem of result.problems) console.log(`- ${problem}`);
    if (result.problems.length > 0) process.exitCode = 1;
  } finally {
    await postgres?.drop();
    rmSync(folder, { recursive: true, force: true });
  }
}
