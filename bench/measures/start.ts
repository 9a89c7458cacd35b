import { median } from '../load/outcome.ts';
import type { Row } from '../report.ts';
import type { BenchDatabase } from '../subjects/databases.ts';
import { startServer } from '../subjects/server.ts';
import type { Subject } from '../subjects/subject.ts';
import type { Plan } from './plan.ts';

/** Measures the time from the start of the process to the first answer, on a fresh database and on one that exists. */
export async function measureStarts(plan: Plan): Promise<Row[]> {
  const common = { dialect: plan.host.dialect, clients: null, better: 'less' } as const;
  const fresh: Row = { ...common, measure: 'start, fresh database (s)' };
  const existing: Row = { ...common, measure: 'start, existing database (s)' };
  for (const subject of plan.subjects) {
    plan.say(`start of ${subject}`);
    const starts: { fresh: number; existing: number }[] = [];
    while (starts.length < plan.starts) {
      const database = await plan.host.create();
      const first = await startAndStop(subject, database, plan);
      starts.push({ fresh: first, existing: await startAndStop(subject, database, plan) });
    }
    fresh[subject] = { value: median(starts.map((start) => start.fresh)) };
    existing[subject] = { value: median(starts.map((start) => start.existing)) };
  }
  return [fresh, existing];
}

async function startAndStop(subject: Subject, database: BenchDatabase, plan: Plan): Promise<number> {
  const server = await startServer(subject, database.serverUrl, plan.host.folder);
  await server.stop();
  return server.startSeconds;
}
