// Compares the scheduler with bare inserts of the same rows: the 60,000 runs of 1,000 deployments that run every minute.
// usage: npx node bench/scheduler.ts [--only sqlite|postgres] [--deployments 1000] [--repeats 3]

import { randomUUID } from 'node:crypto';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import type { Context } from '../packages/server/src/domain/context.ts';
import { scheduleAllDeployments } from '../packages/server/src/domain/scheduling/schedule-deployments.ts';
import { rawScheduledRuns } from './load/raw-scheduled-runs.ts';
import { openContext } from './subjects/context.ts';
import { type DatabaseHost, dialectsOf, openHost } from './subjects/databases.ts';

/** The result of one round of the scheduler. */
type Round = { runs: number; seconds: number; processorSeconds: number; longestDelay: number };

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    deployments: { type: 'string', default: '1000' },
    repeats: { type: 'string', default: '3' },
  },
});

async function makeDeployments({ database, clock }: Context, count: number): Promise<void> {
  await database.transaction(async (session) => {
    const flow_id = randomUUID();
    const now = clock.now();
    const schedule = `{"interval": 60.0, "anchor_date": "2026-01-01T00:00:00+00:00", "timezone": "UTC"}`;
    const common = { tags: '[]', parameters: '{}', infra_overrides: '{}', created: now, updated: now };
    session.send(session.sql.insertInto('flow').values({ id: flow_id, name: 'every minute', tags: '[]' }));
    for (let number = 0; number < count; number += 1) {
      const row = { id: randomUUID(), name: `deployment ${number}`, flow_id, schedule, ...common };
      session.send(session.sql.insertInto('deployment').values(row));
    }
  });
}

async function schedule(context: Context): Promise<Round> {
  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  const start = performance.now();
  const before = process.cpuUsage();
  const runs = await scheduleAllDeployments(context, (id, error) => console.error(id, error));
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(before);
  delays.disable();
  return { runs, seconds, processorSeconds: (user + system) / 1e6, longestDelay: delays.max / 1e6 };
}

async function measure(host: DatabaseHost): Promise<void> {
  for (let repeat = 0; repeat < Number(options.repeats); repeat += 1) {
    const database = await host.create();
    const context = await openContext(database);
    await makeDeployments(context, Number(options.deployments));
    const first = await schedule(context);
    const second = await schedule(context);
    await context.database.close();
    const raw = await rawScheduledRuns(host.dialect, database.driverTarget);
    const told = ({ runs, seconds, processorSeconds }: Omit<Round, 'longestDelay'>) =>
      `${Math.round(runs / seconds)} runs/s (${seconds.toFixed(2)} s, ${processorSeconds.toFixed(2)} s of processor)`;
    console.log(
      `${host.dialect}: ${first.runs} runs, ${told(first)}; bare inserts ${told(raw)}; ` +
        `${(first.seconds / raw.seconds).toFixed(2)} times (${(first.processorSeconds / raw.processorSeconds).toFixed(2)}); ` +
        `event loop blocked for ${first.longestDelay.toFixed(0)} ms at most; next round ${second.seconds.toFixed(3)} s`,
    );
  }
}

for (const dialect of dialectsOf(options.only)) {
  const host = await openHost(dialect);
  try {
    await measure(host);
  } finally {
    await host.close();
  }
}
