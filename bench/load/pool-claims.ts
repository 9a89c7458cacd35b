import { randomInt, randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { BenchDatabase, Dialect } from '../subjects/databases.ts';
import { describe, isAccepted, proposeFlowRunState } from './api.ts';
import { HttpConnection } from './connection.ts';
import type { BenchPool } from './scheduled-runs.ts';

/** The result of the clients of a pool. */
export type PoolWork = {
  /** Claims that were accepted. */
  claimed: number;
  /** Runs that a client carried to Completed. */
  completed: number;
  /** Runs whose Pending was accepted more than once. */
  claimedTwice: number;
  /** Claims that were refused, because another was first or no slot was free. */
  refused: number;
  polls: number;
  seconds: number;
  /** Unexpected answers: neither accepted nor properly refused. */
  errors: string[];
};

const held = "('PENDING', 'RUNNING', 'CANCELLING')";
const counts = `
  SELECT OLD.work_queue_id,
    (SELECT count(*) FROM flow_run WHERE work_queue_id = OLD.work_queue_id AND state_type IN ${held}),
    (SELECT count(*) FROM flow_run WHERE work_queue_id IN (
      SELECT sibling.id FROM work_queue AS sibling JOIN work_queue AS own ON own.work_pool_id = sibling.work_pool_id
      WHERE own.id = OLD.work_queue_id) AND state_type IN ${held})`;

/**
 * Lets the database count the taken slots at every state change of a run that holds one, in the same transaction: an excess
 * run is detected at the latest at its next state change.
 */
export async function watchSlots({ driverTarget }: BenchDatabase, dialect: Dialect): Promise<void> {
  const table = (id: string) =>
    `CREATE TABLE bench_slots (queue_id ${id}, in_queue integer, in_pool integer)`;
  const when = `WHEN (OLD.state_type IN ${held} AND OLD.work_queue_id IS NOT NULL)`;
  if (dialect === 'sqlite') {
    const database = new DatabaseSync(driverTarget, { timeout: 60_000 });
    database.exec(`${table('text')};
      CREATE TRIGGER bench_slots BEFORE UPDATE OF state_type ON flow_run ${when}
      BEGIN INSERT INTO bench_slots ${counts}; END`);
    database.close();
    return;
  }
  const client = new pg.Client({ connectionString: driverTarget });
  await client.connect();
  await client.query(`${table('uuid')};
    CREATE FUNCTION bench_count_slots() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN INSERT INTO bench_slots ${counts}; RETURN NEW; END $$;
    CREATE TRIGGER bench_slots BEFORE UPDATE OF state_type ON flow_run
    FOR EACH ROW ${when} EXECUTE FUNCTION bench_count_slots()`);
  await client.end();
}

/** The limits that were exceeded at some time, in words; also reports if nothing was counted. */
export async function exceededLimits({ query }: BenchDatabase, pool: BenchPool): Promise<string[]> {
  const rows = await query(
    `SELECT work_queue.name, count(*) AS seen, max(in_queue) AS in_queue, max(in_pool) AS in_pool
     FROM bench_slots JOIN work_queue ON work_queue.id = queue_id GROUP BY work_queue.name`,
  );
  const complaints = rows.length === 0 ? ['no slots were counted'] : [];
  for (const row of rows) {
    const limit = pool.queues.find(({ name }) => name === row.name)?.concurrencyLimit ?? null;
    if (limit !== null && Number(row.in_queue) > limit) {
      complaints.push(`${row.in_queue} runs held a slot of ${row.name}, which has ${limit}`);
    }
    if (pool.concurrencyLimit !== null && Number(row.in_pool) > pool.concurrencyLimit) {
      complaints.push(`${row.in_pool} runs held a slot of the pool, which has ${pool.concurrencyLimit}`);
    }
  }
  return complaints;
}

/** How clients get a run: by a poll and a proposal of Pending, as Prefect's workers do, or by one claim request. */
export type ClaimWay = 'poll' | 'claim';

/**
 * Clients empty a pool: each claims runs and, if slots are limited, completes them, until no run is left or the time is
 * over. The clients are distributed over the servers.
 */
export async function emptyPool(
  ports: readonly number[],
  clients: number,
  pool: BenchPool,
  seconds: number,
  way: ClaimWay,
): Promise<PoolWork> {
  const claims = new Map<string, number>();
  const work: PoolWork = {
    claimed: 0,
    completed: 0,
    claimedTwice: 0,
    refused: 0,
    polls: 0,
    seconds: 0,
    errors: [],
  };
  const start = performance.now();
  const carriesOn = pool.concurrencyLimit !== null;
  const isOver = () =>
    (carriesOn ? work.completed : claims.size) >= pool.runs ||
    work.errors.length > 0 ||
    performance.now() - start > seconds * 1000;
  const client = async (connection: HttpConnection) => {
    while (!isOver()) {
      const run =
        way === 'claim'
          ? await claimNext(connection, pool, work)
          : await claimShown(connection, await nextRun(connection, pool, work), work);
      if (run === undefined) {
        if (way === 'poll') await pause(5);
        continue;
      }
      work.claimed += 1;
      claims.set(run, (claims.get(run) ?? 0) + 1);
      if (carriesOn) await complete(connection, run, work);
    }
  };
  const connections = Array.from(
    { length: clients },
    (_, number) => new HttpConnection(ports[number % ports.length] ?? 0),
  );
  try {
    await Promise.all(connections.map(client));
  } finally {
    for (const connection of connections) connection.close();
  }
  work.seconds = (performance.now() - start) / 1000;
  work.claimedTwice = [...claims.values()].filter((count) => count > 1).length;
  return work;
}

/** One of the runs that a poll shows, at random: all clients are shown the same. */
async function nextRun(
  connection: HttpConnection,
  pool: BenchPool,
  work: PoolWork,
): Promise<string | undefined> {
  const scheduled_before = new Date(pool.now + 10_000).toISOString();
  const path = `/api/work_pools/${pool.name}/get_scheduled_flow_runs`;
  const answer = await connection.request('POST', path, JSON.stringify({ limit: 20, scheduled_before }));
  work.polls += 1;
  if (answer.status !== 200) {
    work.errors.push(describe(answer));
    return undefined;
  }
  const runs: { flow_run: { id: string } }[] = JSON.parse(answer.body.toString('utf8'));
  return runs.length === 0 ? undefined : runs[randomInt(runs.length)]?.flow_run.id;
}

/** Claims a run that a poll showed; undefined if another client was first. */
async function claimShown(
  connection: HttpConnection,
  run: string | undefined,
  work: PoolWork,
): Promise<string | undefined> {
  if (run === undefined) return undefined;
  const answer = await proposeFlowRunState(connection, run, 'PENDING');
  if (isAccepted(answer)) return run;
  if (answer.status === 200 || answer.status === 201) work.refused += 1;
  else work.errors.push(describe(answer));
  return undefined;
}

/** Claims the next run in one request, which waits for up to half a second. */
async function claimNext(
  connection: HttpConnection,
  pool: BenchPool,
  work: PoolWork,
): Promise<string | undefined> {
  const body = JSON.stringify({ claim_id: randomUUID(), wait: 0.5, prefetch_seconds: 10 });
  const answer = await connection.request('POST', `/api/mintaka/work_pools/${pool.name}/claim`, body);
  work.polls += 1;
  if (answer.status !== 200) {
    work.errors.push(describe(answer));
    return undefined;
  }
  const claim: { flow_runs: { flow_run: { id: string } }[] } = JSON.parse(answer.body.toString('utf8'));
  return claim.flow_runs[0]?.flow_run.id;
}

async function complete(connection: HttpConnection, run: string, work: PoolWork): Promise<void> {
  for (const type of ['RUNNING', 'COMPLETED'] as const) {
    const answer = await proposeFlowRunState(connection, run, type);
    if (isAccepted(answer)) continue;
    // If another client holds the same run, it may have changed already.
    if (answer.status >= 300) work.errors.push(describe(answer));
    return;
  }
  work.completed += 1;
}
