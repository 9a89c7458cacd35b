// Many clients claim the same Scheduled runs concurrently; exactly one claim of each run may be accepted. With --pool the
// clients instead poll a work pool with limits and take each run to its end; with --unlimited they only claim, as fast as
// they can; with --own they use Mintaka's claims instead of polls.
// usage: node bench/claims.ts [--pool [--unlimited] [--own] [--seconds 600]] [--only sqlite|postgres] [--runs 500] [--clients 20] [--subject mintaka|reference]
import { parseArgs } from 'node:util';
import { createFlow, createFlowRun, describe, isAccepted, proposeFlowRunState } from './load/api.ts';
import { HttpConnection } from './load/connection.ts';
import { contestPool, isPoolFair } from './pool-claims.ts';
import { type Dialect, dialectsOf, openHost } from './subjects/databases.ts';
import { type RunningServer, startServer } from './subjects/server.ts';
import type { Subject } from './subjects/subject.ts';

/** A round of claims: `servers` servers on one database, with the clients distributed over them. */
export type ClaimsPlan = {
  dialect: Dialect;
  servers: number;
  clients: number;
  runs: number;
  subject?: Subject;
};

/** The result of a round of claims. */
export type ClaimsReport = {
  runs: number;
  /** Runs with exactly one winner, as required. */
  wonOnce: number;
  wonTwice: number;
  wonByNobody: number;
  /** Runs whose history does not contain exactly one Pending state. */
  wrongHistories: number;
  /** Unexpected answers: neither accepted nor properly refused. */
  errors: string[];
};

/** Every client sets every run from Scheduled to Pending, all in the same order; counts the winners. */
export async function contestClaims(plan: ClaimsPlan): Promise<ClaimsReport> {
  const host = await openHost(plan.dialect);
  const servers: RunningServer[] = [];
  try {
    const database = await host.create();
    while (servers.length < plan.servers) {
      servers.push(await startServer(plan.subject ?? 'mintaka', database.serverUrl, host.folder));
    }
    const runs = await scheduleRuns(servers, plan.runs);
    const errors: string[] = [];
    const wins = await claimAll(servers, plan.clients, runs, errors);
    const pending = await database.query(
      "SELECT flow_run_id AS id FROM flow_run_state WHERE type = 'PENDING'",
    );
    return judge(runs, wins, countEach(pending.map((row) => String(row.id))), errors);
  } finally {
    for (const server of servers) await server.stop();
    await host.close();
  }
}

/** Whether every run was won exactly once without any error. */
export function isFair(report: ClaimsReport): boolean {
  return report.wonOnce === report.runs && report.wrongHistories === 0 && report.errors.length === 0;
}

async function scheduleRuns(servers: readonly RunningServer[], count: number): Promise<string[]> {
  const connections = connect(servers, 4);
  try {
    const [flowId = ''] = await Promise.all(connections.slice(0, 1).map(createFlow));
    const runs: string[] = [];
    const make = async (connection: HttpConnection) => {
      for (let left = Math.ceil(count / connections.length); left > 0; left -= 1) {
        runs.push(await createFlowRun(connection, flowId, 'SCHEDULED'));
      }
    };
    await Promise.all(connections.map(make));
    return runs.slice(0, count);
  } finally {
    for (const connection of connections) connection.close();
  }
}

async function claimAll(
  servers: readonly RunningServer[],
  clients: number,
  runs: readonly string[],
  errors: string[],
): Promise<Map<string, number>> {
  const won: string[] = [];
  const claim = async (connection: HttpConnection) => {
    for (const run of runs) {
      const answer = await proposeFlowRunState(connection, run, 'PENDING');
      if (isAccepted(answer)) won.push(run);
      else if (answer.status !== 200) errors.push(describe(answer));
    }
  };
  const connections = connect(servers, clients);
  try {
    await Promise.all(connections.map(claim));
    return countEach(won);
  } finally {
    for (const connection of connections) connection.close();
  }
}

function connect(servers: readonly RunningServer[], clients: number): HttpConnection[] {
  return Array.from({ length: clients }, (_, client) => {
    const server = servers[client % servers.length];
    return new HttpConnection(server?.port ?? 0);
  });
}

function countEach(ids: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

function judge(
  runs: readonly string[],
  wins: ReadonlyMap<string, number>,
  pending: ReadonlyMap<string, number>,
  errors: string[],
): ClaimsReport {
  const having = (wanted: (wins: number) => boolean) =>
    runs.filter((run) => wanted(wins.get(run) ?? 0)).length;
  return {
    runs: runs.length,
    wonOnce: having((count) => count === 1),
    wonTwice: having((count) => count > 1),
    wonByNobody: having((count) => count === 0),
    wrongHistories: runs.filter((run) => pending.get(run) !== 1).length,
    errors,
  };
}

const { values: options } = parseArgs({
  args: import.meta.main ? process.argv.slice(2) : [],
  options: {
    pool: { type: 'boolean', default: false },
    unlimited: { type: 'boolean', default: false },
    own: { type: 'boolean', default: false },
    only: { type: 'string' },
    runs: { type: 'string' },
    clients: { type: 'string', default: '20' },
    seconds: { type: 'string', default: '600' },
    subject: { type: 'string', default: 'mintaka' },
  },
});

type Round = { dialect: Dialect; servers: number; clients: number; subject: Subject };

async function contestOne(round: Round): Promise<boolean> {
  const { errors, ...counts } = await contestClaims({ ...round, runs: Number(options.runs ?? 500) });
  tell(round, counts, errors);
  return isFair({ errors, ...counts });
}

async function contestOnePool(round: Round): Promise<boolean> {
  const runs = Number(options.runs ?? 10_000);
  const way = options.own ? 'claim' : 'poll';
  const plan = {
    ...round,
    runs,
    seconds: Number(options.seconds),
    limited: !options.unlimited,
    way,
  } as const;
  const { errors, ...counts } = await contestPool(plan);
  tell(round, { ...counts, claimsASecond: Math.round(counts.claimed / counts.seconds) }, errors);
  return isPoolFair({ errors, ...counts });
}

function tell(
  { dialect, servers, clients, subject }: Round,
  counts: object,
  errors: readonly string[],
): void {
  const who = `${subject}, ${dialect}, ${servers} server(s), ${clients} clients:`;
  console.log(who, counts, errors.length, errors[0] ?? '');
}

async function main(): Promise<void> {
  const subject = options.subject === 'reference' ? 'reference' : 'mintaka';
  const contest = options.pool ? contestOnePool : contestOne;
  for (const dialect of dialectsOf(options.only)) {
    for (const servers of dialect === 'postgres' ? [1, 2] : [1]) {
      const isGood = await contest({ dialect, servers, clients: Number(options.clients), subject });
      if (!isGood) process.exitCode = 1;
    }
  }
}

if (import.meta.main) await main();
