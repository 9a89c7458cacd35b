// Kills the server (SIGKILL) under load repeatedly: everything that it acknowledged must be in the database, every run must
// be consistent, and the next start must need no repair.
// usage: node bench/kill.ts [--only sqlite|postgres] [--rounds 20] [--clients 10] [--subject mintaka|reference]
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import {
  createFlow,
  createFlowRun,
  createTaskRun,
  describe,
  idOf,
  isAccepted,
  proposeFlowRunState,
  proposeTaskRunState,
} from './load/api.ts';
import { type flowRunPath, taskRunPath } from './load/bodies.ts';
import { type Answer, ConnectionClosedError, HttpConnection } from './load/connection.ts';
import { type Acknowledged, findContradictions } from './subjects/consistency.ts';
import { type Dialect, dialectsOf, openHost } from './subjects/databases.ts';
import { startServer } from './subjects/server.ts';
import type { Subject } from './subjects/subject.ts';

/** How often to kill the server, and the load. */
export type KillPlan = { dialect: Dialect; rounds: number; clients: number; subject?: Subject };

/** The state after the last kill. */
export type KillReport = {
  rounds: number;
  /** State changes that the servers acknowledged in all rounds. */
  acknowledged: number;
  /** Every lost change, inconsistent run and unexpected answer, in words; empty when all is well. */
  contradictions: string[];
  /** The longest start after a kill, in seconds. */
  longestStart: number;
};

// The kill happens at a random time in this span after the load begins, in milliseconds.
const earliestKill = 200;
const latestKill = 900;

/**
 * Starts the server on one database, kills it under load and checks the database, `rounds` times; then starts it once more.
 */
export async function killRepeatedly(plan: KillPlan): Promise<KillReport> {
  const host = await openHost(plan.dialect);
  const report: KillReport = { rounds: 0, acknowledged: 0, contradictions: [], longestStart: 0 };
  try {
    const database = await host.create();
    const acknowledged: Acknowledged[] = [];
    const start = async () => {
      const server = await startServer(plan.subject ?? 'mintaka', database.serverUrl, host.folder);
      if (report.rounds > 0) report.longestStart = Math.max(report.longestStart, server.startSeconds);
      return server;
    };
    for (; report.rounds < plan.rounds; report.rounds += 1) {
      const server = await start();
      const load = putLoad(server.port, plan.clients, acknowledged, report.contradictions);
      await pause(earliestKill + Math.random() * (latestKill - earliestKill));
      await server.kill();
      await load;
      report.contradictions.push(...(await findContradictions(database, acknowledged)));
    }
    await (await start()).stop();
    report.acknowledged = acknowledged.length;
    return report;
  } finally {
    await host.close();
  }
}

/** Sends state changes of new runs until the server is killed; records each acknowledged change. */
async function putLoad(port: number, clients: number, acknowledged: Acknowledged[], complaints: string[]) {
  const drive = async () => {
    const connection = new HttpConnection(port);
    const note = (table: Acknowledged['table'], runId: string, answer: Answer) => {
      if (isAccepted(answer)) acknowledged.push({ table, runId, stateId: idOf(answer) });
      else complaints.push(`a state change was refused: ${describe(answer)}`);
    };
    try {
      const flowId = await createFlow(connection);
      for (;;) await runOnce(connection, flowId, note);
    } catch (error) {
      // The connection breaks when the server is killed; an error as an answer is unexpected.
      if (!isBroken(error)) complaints.push(String(error));
    } finally {
      connection.close();
    }
  };
  await Promise.all(Array.from({ length: clients }, drive));
}

/** The life of one flow run with two task runs. */
async function runOnce(
  connection: HttpConnection,
  flowId: string,
  note: (table: Acknowledged['table'], runId: string, answer: Answer) => void,
): Promise<void> {
  const flowRun = await createFlowRun(connection, flowId, 'SCHEDULED');
  const propose = async (type: (typeof flowRunPath)[number]) =>
    note('flow_run', flowRun, await proposeFlowRunState(connection, flowRun, type));
  await propose('PENDING');
  await propose('RUNNING');
  for (let task = 0; task < 2; task += 1) {
    const taskRun = await createTaskRun(connection, flowRun);
    for (const type of taskRunPath) {
      note('task_run', taskRun, await proposeTaskRunState(connection, taskRun, type));
    }
  }
  await propose('COMPLETED');
}

function isBroken(error: unknown): boolean {
  if (error instanceof ConnectionClosedError) return true;
  return error instanceof Error && /ECONNRESET|ECONNREFUSED|EPIPE/.test(error.message);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      rounds: { type: 'string', default: '20' },
      clients: { type: 'string', default: '10' },
      subject: { type: 'string', default: 'mintaka' },
    },
  });
  const subject = values.subject === 'reference' ? 'reference' : 'mintaka';
  const size = { rounds: Number(values.rounds), clients: Number(values.clients), subject } as const;
  for (const dialect of dialectsOf(values.only)) {
    const { contradictions, ...counts } = await killRepeatedly({ dialect, ...size });
    console.log(`${dialect}:`, counts, `${contradictions.length} contradictions`, contradictions.slice(0, 5));
    if (contradictions.length > 0) process.exitCode = 1;
  }
}

if (import.meta.main) await main();
