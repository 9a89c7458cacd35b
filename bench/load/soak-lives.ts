import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { flowBody, flowRunBody, logsBody, setStateBody, taskRunBody, taskRunPath } from './bodies.ts';
import type { SoakCalls } from './soak-calls.ts';

const tasks = 4;
const logLines = 20;
const deployments = 20;
const deploymentSeconds = 60;
const atOnce = 16;
const pool = 'soak';
const queue = 'soak';

/** State changes in the life of one flow run: its own three, and two for each of its task runs. */
const changesOfLife = 3 + tasks * taskRunPath.length;

/** What all lives share. */
type World = { flowId: string; queueId: string };

type Made = { id: string };

/**
 * Keeps a server as busy as requested until it is stopped: flow runs go from Scheduled to Completed with their task runs and
 * logs, a worker and an agent poll for runs that deployments schedule every minute, and a user interface reads the pages.
 * `rate` is in state changes per second. Resolves when everything begun is done.
 */
export async function soak(calls: SoakCalls, rate: number, stop: AbortSignal): Promise<void> {
  const world = await makeWorld(calls);
  // A server starts threads under concurrent load: not for the first time during the evaluated part.
  await Promise.all(Array.from({ length: atOnce }, () => look(calls)));
  const own = Math.max(0.1, rate / changesOfLife - deployments / deploymentSeconds);
  const begun = new Set<Promise<void>>();
  const begin = (life: Promise<void>) => {
    begun.add(life);
    void life.finally(() => begun.delete(life));
  };
  await Promise.all([
    repeatedly(1000 / own, stop, async () => begin(liveFromScratch(calls, world))),
    repeatedly(1000, stop, () => poll(calls, world, (run) => begin(live(calls, run)))),
    repeatedly(1000, stop, () => look(calls)),
  ]);
  await Promise.all(begun);
}

/**
 * Does something at a fixed rate; if it takes longer than the interval, the next ones follow immediately until it has caught
 * up.
 */
async function repeatedly(milliseconds: number, stop: AbortSignal, act: () => Promise<void>): Promise<void> {
  const start = performance.now();
  for (let beat = 1; !stop.aborted; beat += 1) {
    await act();
    await pause(Math.max(0, start + beat * milliseconds - performance.now()));
  }
}

async function makeWorld(calls: SoakCalls): Promise<World> {
  const flow = await make(calls, '/api/flows/', flowBody(`soak-${randomUUID()}`));
  await make(calls, '/api/work_pools/', JSON.stringify({ name: pool, type: 'process' }));
  const { id: queueId } = await make(calls, '/api/work_queues/', JSON.stringify({ name: queue }));
  for (let number = 0; number < deployments; number += 1) {
    const where = number % 2 === 0 ? { work_pool_name: pool } : { work_queue_name: queue };
    const schedule = { interval: deploymentSeconds, timezone: 'UTC' };
    const body = { name: `every minute ${number}`, flow_id: flow.id, schedule, ...where };
    await make(calls, '/api/deployments/', JSON.stringify(body));
  }
  return { flowId: flow.id, queueId };
}

async function make(calls: SoakCalls, path: string, body: string): Promise<Made> {
  const made = await calls.ask<Made>('create', path, body);
  if (made === undefined) throw new Error(`could not start the soak: ${calls.take().errors[0]}`);
  return made;
}

async function liveFromScratch(calls: SoakCalls, { flowId }: World): Promise<void> {
  const body = flowRunBody(flowId, 'soak-run', 'SCHEDULED');
  const run = await calls.ask<Made>('create', '/api/flow_runs/', body);
  if (run !== undefined) await live(calls, run.id);
}

async function live(calls: SoakCalls, flowRun: string): Promise<void> {
  const change = (type: 'PENDING' | 'RUNNING' | 'COMPLETED') =>
    calls.propose(`/api/flow_runs/${flowRun}/set_state`, setStateBody(type, { flowRun }));
  if (!(await change('PENDING')) || !(await change('RUNNING'))) return;
  for (let task = 0; task < tasks; task += 1) await liveTask(calls, flowRun, task);
  await calls.ask('logs', '/api/logs/', logsBody(flowRun, logLines));
  const ofRun = JSON.stringify({ flow_runs: { id: { any_: [flowRun] } } });
  await calls.ask('list', '/api/task_runs/filter', ofRun);
  await change('COMPLETED');
}

async function liveTask(calls: SoakCalls, flowRun: string, task: number): Promise<void> {
  const made = await calls.ask<Made>('create', '/api/task_runs/', taskRunBody(flowRun, String(task)));
  if (made === undefined) return;
  for (const type of taskRunPath) {
    const path = `/api/task_runs/${made.id}/set_state`;
    await calls.propose(path, setStateBody(type, { taskRun: made.id }));
  }
}

/** A worker and an agent poll for due runs; no other client claims runs, and each is started before the next poll. */
async function poll(calls: SoakCalls, { queueId }: World, begin: (run: string) => void): Promise<void> {
  const body = JSON.stringify({ scheduled_before: new Date().toISOString(), limit: 100 });
  const path = `/api/work_pools/${pool}/get_scheduled_flow_runs`;
  for (const { flow_run } of (await calls.ask<{ flow_run: Made }[]>('poll', path, body)) ?? [])
    begin(flow_run.id);
  const ofQueue = `/api/work_queues/${queueId}/get_runs`;
  for (const { id } of (await calls.ask<Made[]>('poll', ofQueue, body)) ?? []) begin(id);
}

/** The requests of the pages: the newest runs, those that run, and the last ten minutes. */
async function look(calls: SoakCalls): Promise<void> {
  const now = Date.now();
  const body = (value: object) => JSON.stringify(value);
  await calls.ask('list', '/api/flow_runs/filter', body({ limit: 50, sort: 'START_TIME_DESC' }));
  const running = { flow_runs: { state: { type: { any_: ['RUNNING'] } } } };
  await calls.ask('count', '/api/flow_runs/count', body(running));
  await calls.ask(
    'history',
    '/api/flow_runs/history',
    body({
      history_start: new Date(now - 600_000).toISOString(),
      history_end: new Date(now).toISOString(),
      history_interval_seconds: 60,
    }),
  );
}
