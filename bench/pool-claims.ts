import { type ClaimWay, emptyPool, exceededLimits, type PoolWork, watchSlots } from './load/pool-claims.ts';
import { type BenchPool, loadScheduledRuns } from './load/scheduled-runs.ts';
import { type BenchDatabase, type Dialect, openHost } from './subjects/databases.ts';
import { type RunningServer, startServer } from './subjects/server.ts';
import type { Subject } from './subjects/subject.ts';

/** A pool to empty: `servers` servers on one database, with the clients distributed over them. */
export type PoolPlan = {
  dialect: Dialect;
  servers: number;
  clients: number;
  runs: number;
  /** When to stop, done or not. */
  seconds: number;
  /** Whether there are fewer slots than clients; otherwise claimed runs do not block each other, and are not continued. */
  limited: boolean;
  /** How clients get a run; by default as Prefect's workers do. */
  way?: ClaimWay;
  subject?: Subject;
};

/** The result of a pool. */
export type PoolReport = PoolWork & {
  runs: number;
  /** Runs that are still waiting. */
  left: number;
  /**
   * Runs that are not waiting and whose history is not Scheduled, Pending and, if they are continued, Running, Completed,
   * once each.
   */
  wrongHistories: number;
  /** The limits that were exceeded at some time. */
  exceeded: string[];
};

/**
 * Clients poll a pool whose queues have priorities and limits, claim its runs and complete them; then checks whether each run
 * was claimed once and whether the limits were never exceeded.
 */
export async function contestPool(plan: PoolPlan): Promise<PoolReport> {
  const host = await openHost(plan.dialect);
  const servers: RunningServer[] = [];
  const subject = plan.subject ?? 'mintaka';
  try {
    const database = await host.create();
    // The first server creates the tables before the others look for them.
    while (servers.length < plan.servers) {
      servers.push(await startServer(subject, database.serverUrl, host.folder));
    }
    const pool = poolOf(plan, Date.now());
    await loadScheduledRuns(database, plan.dialect, pool);
    if (plan.limited) await watchSlots(database, plan.dialect);
    const ports = servers.map(({ port }) => port);
    const work = await emptyPool(ports, plan.clients, pool, plan.seconds, plan.way ?? 'poll');
    const [waiting] = await database.query(
      "SELECT count(*) AS runs FROM flow_run WHERE state_type = 'SCHEDULED'",
    );
    return {
      ...work,
      runs: plan.runs,
      left: Number(waiting?.runs),
      wrongHistories: await countWrongHistories(database, plan.limited ? 4 : 2),
      exceeded: plan.limited ? await exceededLimits(database, pool) : [],
    };
  } finally {
    for (const server of servers) await server.stop();
    await host.close();
  }
}

/** Whether every run was claimed and completed once, within the limits. */
export function isPoolFair(report: PoolReport): boolean {
  const faults = report.claimedTwice + report.wrongHistories + report.exceeded.length + report.errors.length;
  return report.left === 0 && report.claimed === report.runs && faults === 0;
}

/** The last queue has no limit but the pool's. */
function poolOf({ runs, limited }: PoolPlan, now: number): BenchPool {
  const queue = (name: string, priority: number, concurrencyLimit: number | null) => ({
    name,
    priority,
    concurrencyLimit: limited ? concurrencyLimit : null,
    running: 0,
  });
  return {
    name: 'contested',
    concurrencyLimit: limited ? 12 : null,
    queues: [queue('first', 1, 3), queue('second', 2, 5), queue('third', 2, 6), queue('last', 3, null)],
    runs,
    now,
    secondsPast: 3600,
    secondsAhead: 0,
  };
}

async function countWrongHistories({ query }: BenchDatabase, states: number): Promise<number> {
  const [counted] = await query(`
    SELECT count(*) AS wrong FROM (
      SELECT flow_run_id FROM flow_run_state
      WHERE flow_run_id IN (SELECT id FROM flow_run WHERE state_type <> 'SCHEDULED')
      GROUP BY flow_run_id HAVING count(*) <> ${states} OR count(DISTINCT type) <> ${states}
    ) AS histories`);
  return Number(counted?.wrong);
}
