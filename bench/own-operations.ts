// Measures the operations that Prefect's API lacks: the latency from a new run to the waiting claim that gets it, the memory of
// waiting claims, and lists of operations compared with single requests.
// usage: npx node bench/own-operations.ts [--only sqlite|postgres] [--rounds 200]
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import {
  createFlow,
  createRunningFlowRun,
  createTaskRun,
  describe,
  idOf,
  proposeTaskRunState,
} from './load/api.ts';
import { setStateBody } from './load/bodies.ts';
import { HttpConnection } from './load/connection.ts';
import { percentile } from './load/outcome.ts';
import { type Dialect, dialectsOf, openHost } from './subjects/databases.ts';
import { type RunningServer, startServer } from './subjects/server.ts';

const waitingClaims = 1000;
const listLength = 100;

/** Times in milliseconds. */
type Spread = { p50: number; p99: number; max: number };

async function post<Answer>(connection: HttpConnection, path: string, body: object): Promise<Answer> {
  const answer = await connection.request('POST', `/api${path}`, JSON.stringify(body));
  if (answer.status >= 300) throw new Error(describe(answer));
  return JSON.parse(answer.body.toString('utf8'));
}

/** A pool with a deployment. @returns the deployment's id */
async function makeDeployment(connection: HttpConnection, pool: string): Promise<string> {
  await post(connection, '/work_pools/', { name: pool, type: 'process' });
  const flow_id = await createFlow(connection);
  const body = { name: randomUUID(), flow_id, work_pool_name: pool };
  return idOf(await connection.request('POST', '/api/deployments/', JSON.stringify(body)));
}

function claim(connection: HttpConnection, pool: string, wait = 30) {
  const body = { claim_id: randomUUID(), wait };
  return post<{ flow_runs: { flow_run: { id: string } }[] }>(
    connection,
    `/mintaka/work_pools/${pool}/claim`,
    body,
  );
}

/** The time from the request that creates a run to the answer of a claim that waits, possibly at another server. */
async function claimLatency(
  creating: RunningServer,
  claiming: RunningServer,
  rounds: number,
): Promise<Spread> {
  const [creator, worker] = [new HttpConnection(creating.port), new HttpConnection(claiming.port)];
  const pool = randomUUID();
  const deployment = await makeDeployment(creator, pool);
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const claimed = claim(worker, pool);
    // The claim must wait first.
    await pause(20);
    const began = performance.now();
    const created = post<{ id: string }>(creator, `/deployments/${deployment}/create_flow_run`, {
      state: { type: 'SCHEDULED', state_details: { scheduled_time: new Date().toISOString() } },
    });
    const { flow_runs } = await claimed;
    times.push(performance.now() - began);
    if (flow_runs[0]?.flow_run.id !== (await created).id) throw new Error('another run was claimed');
  }
  creator.close();
  worker.close();
  return spreadOf(times);
}

/** The memory and CPU time of claims that wait for ten seconds. */
async function waitingCost(server: RunningServer): Promise<{ mebibytes: number; cpuMilliseconds: number }> {
  const first = new HttpConnection(server.port);
  const pool = randomUUID();
  await makeDeployment(first, pool);
  const idle = server.facts();
  const connections = Array.from({ length: waitingClaims }, () => new HttpConnection(server.port));
  const waiting = connections.map((connection) => claim(connection, pool, 15));
  await pause(4000);
  const before = server.facts();
  await pause(10_000);
  const after = server.facts();
  await Promise.all(waiting);
  for (const connection of connections) connection.close();
  first.close();
  return {
    mebibytes: before.residentMebibytes - idle.residentMebibytes,
    cpuMilliseconds: ((after.processorSeconds ?? 0) - (before.processorSeconds ?? 0)) * 1000,
  };
}

/** The time of a hundred state changes: one by one, concurrently, and as a list. */
async function listTimes({ port }: RunningServer, rounds: number) {
  const connection = new HttpConnection(port);
  const flowRun = await createRunningFlowRun(connection);
  const many = Array.from({ length: listLength }, () => new HttpConnection(port));
  const make = () => Promise.all(many.map((each) => createTaskRun(each, flowRun)));
  const times: Record<'single' | 'at once' | 'list', number[]> = { single: [], 'at once': [], list: [] };
  for (let round = 0; round < rounds; round += 1) {
    let runs = await make();
    let began = performance.now();
    for (const run of runs) await proposeTaskRunState(connection, run, 'RUNNING');
    times.single.push(performance.now() - began);
    runs = await make();
    began = performance.now();
    await Promise.all(
      runs.map((run, place) => proposeTaskRunState(many[place] ?? connection, run, 'RUNNING')),
    );
    times['at once'].push(performance.now() - began);
    runs = await make();
    const operations = runs.map((id) => ({
      operation: 'taskRuns.setState',
      params: { id },
      body: JSON.parse(setStateBody('RUNNING', { taskRun: id })),
    }));
    began = performance.now();
    const { committed } = await post<{ committed: boolean }>(connection, '/mintaka/operations', {
      id: randomUUID(),
      operations,
    });
    times.list.push(performance.now() - began);
    if (!committed) throw new Error('the list was undone');
  }
  for (const each of [connection, ...many]) each.close();
  return times;
}

function spreadOf(times: readonly number[]): Spread {
  const sorted = times.toSorted((a, b) => a - b);
  return {
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
    max: sorted.at(-1) ?? Number.NaN,
  };
}

function told({ p50, p99, max }: Spread): string {
  return `p50 ${p50.toFixed(1)}, p99 ${p99.toFixed(1)}, max ${max.toFixed(1)} ms`;
}

async function measure(dialect: Dialect, rounds: number): Promise<void> {
  const host = await openHost(dialect);
  const servers: RunningServer[] = [];
  try {
    const database = await host.create();
    const first = await startServer('mintaka', database.serverUrl, host.folder);
    servers.push(first);
    console.log(`${dialect}: claim that waits: ${told(await claimLatency(first, first, rounds))}`);
    if (dialect === 'postgres') {
      const second = await startServer('mintaka', database.serverUrl, host.folder);
      servers.push(second);
      console.log(`${dialect}: of another server: ${told(await claimLatency(first, second, rounds))}`);
    }
    const { mebibytes, cpuMilliseconds } = await waitingCost(first);
    console.log(
      `${dialect}: ${waitingClaims} claims that wait: ${mebibytes.toFixed(1)} MiB, ${cpuMilliseconds.toFixed(0)} ms of CPU time in 10 s`,
    );
    for (const [way, times] of Object.entries(await listTimes(first, Math.ceil(rounds / 10)))) {
      console.log(`${dialect}: ${listLength} state changes, ${way}: ${told(spreadOf(times))}`);
    }
  } finally {
    for (const server of servers) await server.stop();
    await host.close();
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { only: { type: 'string' }, rounds: { type: 'string', default: '200' } },
  });
  for (const dialect of dialectsOf(values.only)) await measure(dialect, Number(values.rounds));
}

if (import.meta.main) await main();
