// Deletes a flow with very many runs during state changes, which must not be delayed. Then again, with kill -9 half-way.
// usage: npx node bench/deletion.ts [--only sqlite|postgres] [--runs 300000] [--rate 60: state changes a second] [--seconds 20: without the deletion]
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createRunningFlowRun, describe } from './load/api.ts';
import { setStateBody, taskRunBody, taskRunPath } from './load/bodies.ts';
import { HttpConnection } from './load/connection.ts';
import { bigFlowId, loadOneFlow, whatIsLeft } from './load/one-flow.ts';
import { percentile } from './load/outcome.ts';
import { SoakCalls } from './load/soak-calls.ts';
import { type BenchDatabase, type Dialect, dialectsOf, openHost } from './subjects/databases.ts';
import { type RunningServer, startServer } from './subjects/server.ts';

/** How much to delete, the rate of state changes per second, and how long to measure these alone, in seconds. */
export type DeletionPlan = { dialect: Dialect; runs: number; rate: number; seconds: number };

/** The latencies of the requests in a period, in milliseconds. */
export type Spread = { requests: number; p50: number; p99: number; max: number };

/** State changes and health checks of the same period. */
export type Beside = { changes: Spread; health: Spread; errors: string[] };

/** The result of a deletion. */
export type DeletionReport = {
  alone: Beside;
  during: Beside;
  /** The duration of the deletion, in seconds. */
  seconds: number;
  status: number;
  left: Record<string, number>;
  /** After the kill: whether the deletion was unfinished, and how long the next start took to finish it, in seconds. */
  afterKill: { wasUnfinished: boolean; seconds: number; left: Record<string, number> };
};

const connections = 16;
const healthMilliseconds = 10;
const lookMilliseconds = 500;

/** Measures on a fresh database. */
export async function measureDeletion({
  dialect,
  runs,
  rate,
  seconds,
}: DeletionPlan): Promise<DeletionReport> {
  const host = await openHost(dialect);
  const database = await host.create();
  const start = () => startServer('mintaka', database.serverUrl, host.folder);
  try {
    await (await start()).stop();
    await loadOneFlow(database, dialect, runs);
    const server = await start();
    const alone = await beside(server, rate, () => pause(seconds * 1000));
    const began = performance.now();
    let status = 0;
    const during = await beside(server, rate, async () => {
      status = await deleteFlow(server.port);
    });
    const report = { alone, during, status, seconds: secondsSince(began), left: await whatIsLeft(database) };
    await server.stop();
    await loadOneFlow(database, dialect, runs);
    return { ...report, afterKill: await killHalfWay(start, database, report.seconds / 2) };
  } finally {
    await host.close();
  }
}

async function killHalfWay(start: () => Promise<RunningServer>, database: BenchDatabase, seconds: number) {
  const recorded = async () =>
    Number((await database.query('SELECT count(*) AS rows FROM mintaka_deletion'))[0]?.rows);
  const killed = await start();
  const deletion = deleteFlow(killed.port).catch(() => 0);
  await pause(seconds * 1000);
  await killed.kill();
  await deletion;
  const wasUnfinished = (await recorded()) > 0;
  const began = performance.now();
  const next = await start();
  while ((await recorded()) > 0) await pause(lookMilliseconds);
  const report = { wasUnfinished, seconds: secondsSince(began), left: await whatIsLeft(database) };
  await next.stop();
  return report;
}

async function deleteFlow(port: number): Promise<number> {
  const connection = new HttpConnection(port);
  try {
    return (await connection.request('DELETE', `/api/flows/${bigFlowId}`)).status;
  } finally {
    connection.close();
  }
}

/** Changes states and checks the health of a server while some work runs. */
async function beside({ port }: RunningServer, rate: number, work: () => Promise<void>): Promise<Beside> {
  const calls = new SoakCalls(port, connections);
  const stop = new AbortController();
  const errors: string[] = [];
  const changing = changeStates(calls, port, rate, stop.signal);
  const checking = checkHealth(port, errors, stop.signal);
  try {
    await pause(500);
    calls.take();
    await work();
  } finally {
    stop.abort();
  }
  await changing;
  const health = await checking;
  const tally = calls.take();
  calls.close();
  return {
    changes: spreadOf(tally.times['state change']),
    health: spreadOf(health),
    errors: [...errors, ...tally.errors],
  };
}

/** Task runs start at a fixed rate, whatever the server does; each is created, runs and completes. */
async function changeStates(calls: SoakCalls, port: number, rate: number, stop: AbortSignal): Promise<void> {
  const connection = new HttpConnection(port);
  const flowRun = await createRunningFlowRun(connection);
  connection.close();
  const lives = new Set<Promise<void>>();
  const began = performance.now();
  const beat = (1000 / rate) * taskRunPath.length;
  for (let life = 1; !stop.aborted; life += 1) {
    const living = live(calls, flowRun, String(life)).finally(() => lives.delete(living));
    lives.add(living);
    await pause(Math.max(0, began + life * beat - performance.now()));
  }
  await Promise.all(lives);
}

async function live(calls: SoakCalls, flowRun: string, key: string): Promise<void> {
  const made = await calls.ask<{ id: string }>('create', '/api/task_runs/', taskRunBody(flowRun, key));
  if (made === undefined) return;
  for (const type of taskRunPath) {
    await calls.propose(`/api/task_runs/${made.id}/set_state`, setStateBody(type, { taskRun: made.id }));
  }
}

async function checkHealth(port: number, errors: string[], stop: AbortSignal): Promise<number[]> {
  const connection = new HttpConnection(port);
  const times: number[] = [];
  while (!stop.aborted) {
    const before = performance.now();
    const answer = await connection.request('GET', '/api/health');
    times.push(performance.now() - before);
    if (answer.status !== 200) errors.push(describe(answer));
    await pause(healthMilliseconds);
  }
  connection.close();
  return times;
}

function spreadOf(times: readonly number[]): Spread {
  const sorted = times.toSorted((a, b) => a - b);
  return {
    requests: sorted.length,
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
    max: sorted.at(-1) ?? Number.NaN,
  };
}

function secondsSince(began: number): number {
  return (performance.now() - began) / 1000;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      runs: { type: 'string', default: '300000' },
      rate: { type: 'string', default: '60' },
      seconds: { type: 'string', default: '20' },
    },
  });
  const size = { runs: Number(values.runs), rate: Number(values.rate), seconds: Number(values.seconds) };
  for (const dialect of dialectsOf(values.only)) {
    const report = await measureDeletion({ dialect, ...size });
    const told = ({ requests, p50, p99, max }: Spread) =>
      `p50 ${p50.toFixed(1)}, p99 ${p99.toFixed(1)}, max ${max.toFixed(1)} ms of ${requests}`;
    const { alone, during, afterKill } = report;
    console.log(`${dialect}: ${size.runs} runs deleted in ${report.seconds.toFixed(1)} s (${report.status})`);
    console.log(`  state changes: alone ${told(alone.changes)}; during the deletion ${told(during.changes)}`);
    console.log(`  health: alone ${told(alone.health)}; during the deletion ${told(during.health)}`);
    console.log(`  left: ${JSON.stringify(report.left)}`);
    console.log(
      `  killed half-way${afterKill.wasUnfinished ? '' : ' (too late)'}: done ${afterKill.seconds.toFixed(1)} s after the next start; left: ${JSON.stringify(afterKill.left)}`,
    );
    const errors = [...alone.errors, ...during.errors];
    if (errors.length > 0) console.log(`  ${errors.length} errors: ${errors[0]}`);
    const isClean = Object.keys(report.left).length + Object.keys(afterKill.left).length === 0;
    if (!isClean || errors.length > 0 || report.status !== 204) process.exitCode = 1;
  }
}

if (import.meta.main) await main();
