// Measures the latency of /api/health during hostile requests. The result is only meaningful on a quiet machine.
// usage: npx node bench/hostile.ts [--only sqlite|postgres] [--seed 1] [--requests 3000] [--large 8000000: bytes of the largest values]
import { parseArgs } from 'node:util';
import { sendHostile } from '../conformance/hostile/hostile.ts';
import { reportOf } from '../conformance/hostile/report.ts';
import { percentile } from './load/outcome.ts';
import { dialectsOf, openHost } from './subjects/databases.ts';

/** How long a health check may wait at most, in milliseconds. */
const bounds = { p99: 50, longest: 250 };

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    seed: { type: 'string', default: '1' },
    requests: { type: 'string', default: '3000' },
    large: { type: 'string', default: '8000000' },
  },
});

for (const dialect of dialectsOf(values.only)) {
  const host = await openHost(dialect);
  try {
    const database = await host.create();
    const result = await sendHostile({
      database: database.serverUrl,
      seed: Number(values.seed),
      requests: Number(values.requests),
      rounds: 1,
      sizes: { large: Number(values.large), largeChance: 0.01 },
      reach: { pages: 20, things: 100 },
    });
    console.log(`${dialect}: ${reportOf(result)}`);
    for (const problem of result.problems) console.log(`- ${problem}`);
    const holds =
      percentile(result.health, 0.99) < bounds.p99 && percentile(result.health, 1) < bounds.longest;
    console.log(
      holds ? 'the bounds hold' : `beyond the bounds of ${bounds.p99} ms (p99) and ${bounds.longest} ms`,
    );
    if (!holds || result.problems.length > 0) process.exitCode = 1;
  } finally {
    await host.close();
  }
}
