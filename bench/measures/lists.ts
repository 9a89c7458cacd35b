import { describe } from '../load/api.ts';
import { HttpConnection } from '../load/connection.ts';
import { type ListRequest, listRequests } from '../load/list-requests.ts';
import { makeManyDocuments } from '../load/many-documents.ts';
import { loadManyRuns } from '../load/many-runs.ts';
import type { Figure, Row } from '../report.ts';
import type { BenchDatabase } from '../subjects/databases.ts';
import { openBare } from '../subjects/raw-statements.ts';
import { startServer } from '../subjects/server.ts';
import type { Subject } from '../subjects/subject.ts';
import { timeOf } from './latency.ts';
import type { Plan } from './plan.ts';

const runs = 100_000;

/**
 * Measures lists, counts and histories of 100,000 flow runs: one request after the other over HTTP, and an equivalent
 * statement on the bare driver. The reference goes first, on its own schema; then our server migrates the same database. It
 * also contains a thousand block documents. `nothing found` is the cost of any request.
 */
export async function measureLists(plan: Plan): Promise<Row[]> {
  const { dialect } = plan.host;
  const database = await plan.host.create();
  const first = plan.subjects.includes('reference') ? 'reference' : 'mintaka';
  const documents = await withServer(plan, first, database, makeManyDocuments);
  const many = await loadManyRuns(database, dialect, runs, Date.now());
  plan.say(`lists, ${runs} runs loaded`);
  const requests = [...listRequests(many), ...documents];
  const rows = requests.map(
    ({ label }): Row => ({ dialect, measure: `${label} (ms)`, clients: 1, better: 'less' }),
  );
  for (const subject of ['reference', 'mintaka'] as const) {
    if (!plan.subjects.includes(subject)) continue;
    const figures = await withServer(plan, subject, database, (connection) =>
      timeRequests(plan, subject, connection, requests),
    );
    for (const [place, row] of rows.entries()) Object.assign(row, { [subject]: figures[place] });
  }
  if (plan.driver) {
    const bare = await openBare(dialect, database.driverTarget);
    for (const [place, { raw }] of requests.entries()) {
      if (raw === undefined) continue;
      const patience = { least: 5, most: 50, seconds: plan.seconds };
      const { p50 } = await timeOf(() => bare.run([{ sql: raw[dialect], parameters: [] }]), patience);
      Object.assign(rows[place] ?? {}, { driver: { value: p50 } satisfies Figure });
    }
    await bare.close();
  }
  await plan.host.drop(database);
  return rows;
}

async function withServer<Result>(
  plan: Plan,
  subject: Subject,
  database: BenchDatabase,
  work: (connection: HttpConnection) => Promise<Result>,
): Promise<Result> {
  const server = await startServer(subject, database.serverUrl, plan.host.folder);
  const connection = new HttpConnection(server.port);
  try {
    return await work(connection);
  } finally {
    connection.close();
    await server.stop();
  }
}

async function timeRequests(
  plan: Plan,
  subject: Subject,
  connection: HttpConnection,
  requests: readonly ListRequest[],
): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const { label, method = 'POST', path, body } of requests) {
    const text = method === 'GET' ? '' : JSON.stringify(body);
    const ask = async () => {
      const answer = await connection.request(method, path, text);
      if (answer.status !== 200) throw new Error(`${subject}, ${label}: ${describe(answer)}`);
      return answer.body.length;
    };
    await ask();
    const { p50 } = await timeOf(ask, { least: 5, most: 50, seconds: plan.seconds });
    plan.say(`  ${subject}, ${label}: ${p50.toFixed(2)} ms`);
    figures.push({ value: p50 });
  }
  return figures;
}
