import { loadavg } from 'node:os';
import { fromEpoch, type Timestamp, wireTimestamp } from '@mintaka/contract';
import type { Database, ReadSession } from '../../packages/server/src/database/database.ts';
import type { Query, Statement } from '../../packages/server/src/database/statements.ts';
import type { Context } from '../../packages/server/src/domain/context.ts';
import type { PollSink } from '../../packages/server/src/domain/work-pools/poll-recorder.ts';
import { createPoolPolls } from '../../packages/server/src/domain/work-pools/pool-polls.ts';
import { pollWorkQueue } from '../../packages/server/src/domain/work-pools/queue-polls.ts';
import { describe } from '../load/api.ts';
import { HttpConnection } from '../load/connection.ts';
import { analyze, type BenchPool, loadScheduledRuns, queueIdOf } from '../load/scheduled-runs.ts';
import type { DispatchLine, Timing } from '../report-dispatch.ts';
import { openContext } from '../subjects/context.ts';
import type { BenchDatabase } from '../subjects/databases.ts';
import { openBare } from '../subjects/raw-statements.ts';
import { startServer } from '../subjects/server.ts';
import type { Subject } from '../subjects/subject.ts';
import { timeOf } from './latency.ts';
import type { Plan } from './plan.ts';

/** A poll, over HTTP and inside the process. */
type Poll = {
  label: string;
  path: string;
  limit: number;
  inside: (context: Context, limit: number, before: Timestamp) => Promise<readonly unknown[]>;
};

const pool = 'dispatch';
const queues = 10;
const day = 86_400;
const thorough = { least: 60, most: 400, seconds: 4 };
const patient = { least: 1, most: 60, seconds: 15 };

// Workers poll every few seconds: the record of a poll, written after its answer, is done long before the next.
const pause = 15;

const silent: PollSink = { poolPolled: () => {}, queuePolled: () => {} };

const ofPool = (limit: number): Poll => ({
  label: `pool, limit ${limit}`,
  path: `/api/work_pools/${pool}/get_scheduled_flow_runs`,
  limit,
  inside: (context, limit, scheduled_before) =>
    createPoolPolls(context)(silent, pool, { limit, scheduled_before }),
});
const ofQueue = (limit: number): Poll => ({
  label: `queue, limit ${limit}`,
  path: `/api/work_queues/${queueIdOf(3)}/get_runs`,
  limit,
  inside: (context, limit, scheduled_before) =>
    pollWorkQueue(context, silent, {
      queueId: queueIdOf(3),
      body: { limit, scheduled_before },
      isLook: true,
    }),
});

const polls = [ofPool(10), ofPool(100), ofQueue(10)];

/**
 * Measures a worker's and an agent's poll with a number of waiting runs: over HTTP, inside our process, and its statements on
 * the bare driver. The reference goes first, on its own schema; then our server migrates the same database.
 */
export async function measureDispatch(plan: Plan): Promise<DispatchLine[]> {
  const lines: DispatchLine[] = [];
  for (const runs of plan.waitingRuns) {
    plan.say(`dispatch, ${runs} runs wait`);
    const { dialect } = plan.host;
    const database = await plan.host.create();
    await makeSchema(plan, database);
    const world = poolOf(runs, Date.now());
    await loadScheduledRuns(database, dialect, world);
    plan.say('  loaded');
    const before = fromEpoch(Math.floor(world.now / 1000) + 10, 0);
    const measured = polls.map(({ label }): DispatchLine => ({ dialect, poll: label, runs, load: 0 }));
    if (plan.subjects.includes('reference')) {
      await overHttp(plan, 'reference', database, before, (place, timing) => {
        Object.assign(measured[place] ?? {}, { reference: timing });
      });
    }
    if (plan.subjects.includes('mintaka')) {
      await (await openContext(database)).database.close();
      await analyze(database, dialect);
      await overHttp(plan, 'mintaka', database, before, (place, timing) => {
        Object.assign(measured[place] ?? {}, { http: timing, load: loadavg()[0] ?? 0 });
      });
      await insideTheProcess(plan, database, before, measured);
    }
    lines.push(...measured);
    await plan.host.drop(database);
  }
  return lines;
}

/** Ten queues with priorities and limits, each with taken slots: the first returns twenty runs, then the second. */
function poolOf(runs: number, now: number): BenchPool {
  return {
    name: pool,
    concurrencyLimit: 500,
    queues: Array.from({ length: queues }, (_, place) => ({
      name: `queue-${place}`,
      priority: place + 1,
      concurrencyLimit: 30,
      running: 10,
    })),
    runs,
    now,
    secondsPast: day,
    secondsAhead: day,
  };
}

async function makeSchema(plan: Plan, database: BenchDatabase): Promise<void> {
  if (!plan.subjects.includes('reference')) {
    await (await openContext(database)).database.close();
    return;
  }
  const server = await startServer('reference', database.serverUrl, plan.host.folder);
  await server.stop();
}

async function overHttp(
  plan: Plan,
  subject: Subject,
  database: BenchDatabase,
  before: Timestamp,
  take: (place: number, timing: Timing) => void,
): Promise<void> {
  const server = await startServer(subject, database.serverUrl, plan.host.folder);
  const connection = new HttpConnection(server.port);
  try {
    for (const [place, { path, limit, label }] of polls.entries()) {
      const body = JSON.stringify({ limit, scheduled_before: wireTimestamp(before) });
      const ask = async () => {
        const answer = await connection.request('POST', path, body);
        if (answer.status !== 200) throw new Error(`${subject}, ${label}: ${describe(answer)}`);
        return countRuns(answer.body.toString('utf8'));
      };
      const timing = await timeOf(
        ask,
        subject === 'mintaka' ? { ...thorough, pause } : { ...patient, pause },
      );
      plan.say(`  ${subject}, ${label}: ${timing.p50.toFixed(2)} ms`);
      take(place, timing);
    }
  } finally {
    connection.close();
    await server.stop();
  }
}

function countRuns(body: string): number {
  const runs: unknown = JSON.parse(body);
  return Array.isArray(runs) ? runs.length : 0;
}

async function insideTheProcess(
  plan: Plan,
  database: BenchDatabase,
  before: Timestamp,
  lines: readonly DispatchLine[],
): Promise<void> {
  const context = await openContext(database);
  const bare = await openBare(plan.host.dialect, database.driverTarget);
  try {
    for (const [place, { inside, limit, label }] of polls.entries()) {
      const line = lines[place];
      if (line === undefined) continue;
      line.inside = await timeOf(async () => (await inside(context, limit, before)).length, thorough);
      const statements: Statement[] = [];
      await inside({ ...context, database: recording(context.database, statements) }, limit, before);
      line.raw = await timeOf(() => bare.run(statements), thorough);
      plan.say(`  inside, ${label}: ${line.inside.p50.toFixed(3)} ms, raw ${line.raw.p50.toFixed(3)} ms`);
    }
  } finally {
    await bare.close();
    await context.database.close();
  }
}

/** The same database, which also records its statements. */
function recording(database: Database, statements: Statement[]): Database {
  const withNotes = (session: ReadSession): ReadSession => {
    const note = <Row>(query: Query<Row>) => {
      const { sql, parameters } = query.compile();
      statements.push({ sql, parameters });
      return query;
    };
    return {
      ...session,
      ask: <Row>(statement: Statement) => {
        statements.push(statement);
        return session.ask<Row>(statement);
      },
      all: <Row>(query: Query<Row>) => session.all(note(query)),
      first: <Row>(query: Query<Row>) => session.first(note(query)),
    };
  };
  return { ...database, read: (work) => database.read((session) => work(withNotes(session))) };
}
