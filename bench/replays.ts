// Keyed state changes with a million stored expired answers, and how long their deletion takes; ordinary requests while the
// server knows lost answers of other clients.
// usage: npx node bench/replays.ts [--only sqlite|postgres] [--expired 1000000] [--lost 1000] [--clients 10] [--seconds 5] [--repeats 3]
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { forgetExpiredAnswers } from '../packages/server/src/domain/upkeep/expired-answers.ts';
import { storeExpiredAnswers, storeLostAnswers } from './load/expired-answers.ts';
import { median, type Outcome } from './load/outcome.ts';
import type { ScenarioName } from './load/scenarios.ts';
import { load } from './load/spawn.ts';
import { openContext } from './subjects/context.ts';
import { type BenchDatabase, type DatabaseHost, dialectsOf, openHost } from './subjects/databases.ts';
import { type RunningServer, startServer } from './subjects/server.ts';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    expired: { type: 'string', default: '1000000' },
    lost: { type: 'string', default: '1000' },
    clients: { type: 'string', default: '10' },
    seconds: { type: 'string', default: '5' },
    repeats: { type: 'string', default: '3' },
  },
});

type Contestant = { label: string; server: RunningServer; outcomes: Outcome[] };

async function measure(host: DatabaseHost): Promise<void> {
  const empty = await host.create();
  const full = await host.create();
  for (const database of [empty, full]) await (await openContext(database)).database.close();
  const expired = Number(options.expired);
  await storeExpiredAnswers(full, host.dialect, expired);
  await compare(host, 'keyed-task-states', [
    { label: 'no expired answers', database: empty },
    { label: `${expired} expired answers`, database: full },
  ]);
  await forget(host, full);
}

/** While a server knows lost answers, it compares each write with them. */
async function measureLost(host: DatabaseHost): Promise<void> {
  const none = await host.create();
  const some = await host.create();
  for (const database of [none, some]) await (await openContext(database)).database.close();
  const lost = Number(options.lost);
  await storeLostAnswers(some, host.dialect, lost);
  for (const scenario of ['flow-runs', 'logs', 'task-states'] as const) {
    await compare(host, scenario, [
      { label: 'no lost answers', database: none },
      { label: `${lost} lost answers`, database: some },
    ]);
  }
}

/** In turns, so that a slow period of the machine affects both. */
async function compare(
  host: DatabaseHost,
  scenario: ScenarioName,
  databases: readonly { label: string; database: BenchDatabase }[],
): Promise<void> {
  const contestants: Contestant[] = [];
  try {
    for (const { label, database } of databases) {
      const server = await startServer('mintaka', database.serverUrl, host.folder);
      contestants.push({ label, server, outcomes: [] });
    }
    for (let repeat = 0; repeat < Number(options.repeats); repeat += 1) {
      for (const { server, outcomes } of contestants) {
        outcomes.push(await load(scenario, server, Number(options.clients), Number(options.seconds)));
      }
    }
  } finally {
    for (const { server } of contestants) await server.stop();
  }
  for (const { label, outcomes } of contestants) {
    const middle = (of: (outcome: Outcome) => number) => median(outcomes.map(of));
    const errors = outcomes.reduce((sum, outcome) => sum + outcome.errors, 0);
    if (errors > 0) process.exitCode = 1;
    console.log(
      `${host.dialect}, ${label}: ${middle(({ rate }) => rate).toFixed(0)} ${scenario}/s, ` +
        `p50 ${middle(({ p50 }) => p50).toFixed(2)} ms, p99 ${middle(({ p99 }) => p99).toFixed(2)} ms, ` +
        `${middle((outcome) => outcome.processorMilliseconds ?? Number.NaN).toFixed(3)} ms of CPU, ${errors} errors`,
    );
  }
}

async function forget(host: DatabaseHost, database: BenchDatabase): Promise<void> {
  const context = await openContext(database);
  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  const start = performance.now();
  const forgotten = await forgetExpiredAnswers(context);
  const seconds = (performance.now() - start) / 1000;
  delays.disable();
  await context.database.close();
  console.log(
    `${host.dialect}: deleted ${forgotten} answers in ${seconds.toFixed(1)} s; ` +
      `event loop blocked for ${(delays.max / 1e6).toFixed(0)} ms at most`,
  );
}

for (const dialect of dialectsOf(options.only)) {
  const host = await openHost(dialect);
  try {
    await measure(host);
    await measureLost(host);
  } finally {
    await host.close();
  }
}
