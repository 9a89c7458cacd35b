// A second process on a server's SQLite file: short write transactions until SIGTERM; then it prints the number of commits
// and the longest wait for the lock in milliseconds, as JSON.
// usage: node sqlite-writer.ts --database FILE
import { randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { timestamp } from './raw-rows.ts';

/** The second process's final report. */
export type WriterReport = { commits: number; refusals: number; longestWait: number };

const insertsPerTransaction = 3;
const pauseMilliseconds = 2;

function writeBatch(database: DatabaseSync): void {
  const flowRunId = randomUUID();
  database.exec('BEGIN IMMEDIATE');
  const insert = database.prepare(
    "INSERT INTO log (name, level, flow_run_id, message, timestamp) VALUES ('bench', 20, ?, ?, ?)",
  );
  for (let line = 0; line < insertsPerTransaction; line += 1)
    insert.run(flowRunId, `line ${line}`, timestamp());
  database.exec('COMMIT');
}

async function writeUntilTold(file: string): Promise<WriterReport> {
  const database = new DatabaseSync(file, { timeout: 60_000 });
  const report: WriterReport = { commits: 0, refusals: 0, longestWait: 0 };
  let told = false;
  process.once('SIGTERM', () => {
    told = true;
  });
  while (!told) {
    const before = performance.now();
    try {
      writeBatch(database);
      report.commits += 1;
    } catch {
      report.refusals += 1;
    }
    report.longestWait = Math.max(report.longestWait, performance.now() - before);
    await pause(pauseMilliseconds);
  }
  database.close();
  return report;
}

const { values } = parseArgs({ options: { database: { type: 'string', default: '' } } });
process.stdout.write(`${JSON.stringify(await writeUntilTold(values.database))}\n`);
