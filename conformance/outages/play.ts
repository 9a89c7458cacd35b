import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startCluster } from '@mintaka/testing/cluster';
import { createSqlite, postgresReader, type TestDatabase } from '@mintaka/testing/databases';
import { startOurs } from '@mintaka/testing/ours';
import type { RunningServer } from '@mintaka/testing/process';
import { installReference } from '@mintaka/testing/reference';
import { startTcpProxy } from '@mintaka/testing/tcp-proxy';
import type { Outage } from './outages.ts';

const survivor = fileURLToPath(new URL('survivor.py', import.meta.url));

/** The maximum number of lines in our server's log: an outage causes a few lines, not one per request. */
const mostLines = 60;

type Rows = Pick<TestDatabase, 'rows'>;
/** A database with our server, and how its outage happens. */
type Place = { rows: Rows['rows']; server: RunningServer; happen(): Promise<void>; close(): Promise<void> };

/** Runs a flow of the real client during an outage; returns all problems, one line each. */
export async function survive(outage: Outage): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'mintaka-outage-'));
  const place = outage.dialect === 'postgres' ? await onPostgres(outage) : await onSqlite(outage);
  try {
    const running = installReference().run(place.server, [survivor, folder], { timeout: 180_000 });
    let ended = false;
    void running.then(() => {
      ended = true;
    });
    while (!ended && !existsSync(join(folder, 'ready'))) await delay(50);
    if (!ended) await place.happen();
    writeFileSync(join(folder, 'stop'), '');
    const { status, stdout, stderr } = await running;
    if (status !== 0)
      return [
        `the flow failed: ${stdout.slice(-2000)}${stderr.slice(-4000)}`,
        place.server.log().slice(-3000),
      ];
    const { steps }: { steps: number } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
    return [...(await faultsOfRows(place, steps)), ...(await faultsOfServer(place.server))];
  } finally {
    await place.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function onPostgres(outage: Outage & { dialect: 'postgres' }): Promise<Place> {
  const cluster = await startCluster('commits');
  if (cluster === undefined) throw new Error('Postgres is not installed.');
  const proxy = await startTcpProxy(cluster.url);
  const server = await startOurs({ database: { url: proxy.through(cluster.url) }, loops: true });
  return {
    rows: postgresReader(cluster.url),
    server,
    happen: () => outage.happen({ cluster, proxy }),
    close: async () => {
      await server.stop();
      await proxy.close();
      cluster.stop();
    },
  };
}

async function onSqlite(outage: Outage & { dialect: 'sqlite' }): Promise<Place> {
  const { file, url, rows, drop } = createSqlite('outage');
  const { openFiles } = outage;
  const server = await startOurs({
    database: { url },
    // The loops would start a reader thread before files run out.
    ...(openFiles === undefined ? { loops: true } : { openFiles }),
  });
  return {
    rows,
    server,
    happen: () => outage.happen({ file, serverUrl: server.url }),
    close: async () => {
      await server.stop();
      await drop();
    },
  };
}

/** Each state must exist once, in order, and each line of the log. */
async function faultsOfRows({ rows }: Rows, steps: number): Promise<string[]> {
  const faults = [];
  const [flowRun] = await rows('flow_run');
  if (flowRun?.state_type !== 'COMPLETED') faults.push(`the flow run is ${flowRun?.state_type}`);
  const runs = await rows('task_run');
  if (runs.length !== steps) faults.push(`${runs.length} task runs for ${steps} steps`);
  const states = Map.groupBy(await rows('task_run_state'), (state) => state.task_run_id);
  for (const run of runs) {
    const history = (states.get(run.id ?? null) ?? []).toSorted((a, b) =>
      String(a.timestamp) < String(b.timestamp) ? -1 : 1,
    );
    const types = history.map((state) => state.type).join(' ');
    if (types !== 'PENDING RUNNING COMPLETED') faults.push(`${run.name} went through ${types}`);
  }
  const lines = new Set((await rows('log')).map((line) => line.message));
  for (let step = 0; step < steps; step += 1) {
    if (!lines.has(`step ${step}`)) faults.push(`the log does not have step ${step}`);
  }
  return faults;
}

async function faultsOfServer(server: RunningServer): Promise<string[]> {
  const faults = [];
  const ready = await fetch(`${server.url}/api/ready`);
  if (ready.status !== 200) faults.push(`the server is not ready afterwards: ${ready.status}`);
  const lines = server.log().split('\n');
  if (lines.length > mostLines || lines.some((line) => line.includes('"stack"'))) {
    faults.push(`the log has ${lines.length} lines:\n${lines.join('\n').slice(0, 3000)}`);
  }
  return faults;
}
