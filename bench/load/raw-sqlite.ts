// The bare driver on SQLite: the rows of a task run's state changes, in the same transactions, without a server.
// usage: node raw-sqlite.ts --database FILE --connections 10 --seconds 5 [--group 10: changes in one commit]
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { outcomeOf } from './outcome.ts';
import { changesOf, type RawChange, stateDetails, timestamp } from './raw-rows.ts';

type Task = { file: string; seconds: number; group: number; runs: number; gate: Int32Array };

const select = `
  SELECT r.id, r.flow_run_id, r.run_count, r.start_time, r.total_run_time, r.tags, r.empirical_policy,
         s.type, s.timestamp, s.state_details, f.state_type, f.run_count AS flow_run_run_count
  FROM task_run r LEFT JOIN task_run_state s ON s.id = r.state_id JOIN flow_run f ON f.id = r.flow_run_id
  WHERE r.id = ?`;
const insert = `
  INSERT INTO task_run_state (id, created, updated, type, timestamp, name, message, state_details, data, task_run_id)
  VALUES (?, ?, ?, ?, ?, ?, NULL, ?, NULL, ?)`;
const update = `
  UPDATE task_run SET updated = ?, state_id = ?, state_type = ?, state_name = ?, state_timestamp = ?, run_count = 1,
         start_time = coalesce(start_time, ?), end_time = ?, flow_run_run_count = 1
  WHERE id = ?`;

function openDatabase(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: 60_000 });
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
  return database;
}

/** Creates a running flow run with `runs` Pending task runs and returns the changes to make. */
function prepareChanges(database: DatabaseSync, runs: number): RawChange[] {
  const flowId = randomUUID();
  const flowRunId = randomUUID();
  database.exec('BEGIN IMMEDIATE');
  database.prepare('INSERT INTO flow (id, name) VALUES (?, ?)').run(flowId, `raw-${flowId}`);
  database
    .prepare(
      "INSERT INTO flow_run (id, name, flow_id, state_type, run_count) VALUES (?, 'raw', ?, 'RUNNING', 1)",
    )
    .run(flowRunId, flowId);
  const taskRun = database.prepare(`
    INSERT INTO task_run (id, name, task_key, dynamic_key, flow_run_id, state_type, state_name)
    VALUES (?, 'raw', 'raw', ?, ?, 'PENDING', 'Pending')`);
  const state = database.prepare(insert);
  const pointer = database.prepare('UPDATE task_run SET state_id = ? WHERE id = ?');
  const changes: RawChange[] = [];
  for (let run = 0; run < runs; run += 1) {
    const id = randomUUID();
    const stateId = randomUUID();
    const now = timestamp();
    taskRun.run(id, id, flowRunId);
    state.run(stateId, now, now, 'PENDING', now, 'Pending', stateDetails(id, flowRunId), id);
    pointer.run(stateId, id);
    changes.push(...changesOf(id, flowRunId));
  }
  database.exec('COMMIT');
  return changes;
}

function write(change: RawChange, read: StatementSync, state: StatementSync, run: StatementSync): void {
  const { stateId, taskRunId, type, name, details } = change;
  const now = timestamp();
  read.get(taskRunId);
  state.run(stateId, now, now, type, now, name, details, taskRunId);
  run.run(now, stateId, type, name, now, now, type === 'COMPLETED' ? now : null, taskRunId);
}

/**
 * Prepares, reports readiness, waits at the gate, and writes changes; returns the time of each transaction in milliseconds.
 */
function writeChanges(task: Task, sayReady: () => void): number[] {
  const database = openDatabase(task.file);
  const changes = prepareChanges(database, task.runs);
  const [read, state, run] = [database.prepare(select), database.prepare(insert), database.prepare(update)];
  const latencies: number[] = [];
  sayReady();
  Atomics.wait(task.gate, 0, 0);
  const deadline = performance.now() + task.seconds * 1000;
  for (let at = 0; at < changes.length && performance.now() < deadline; at += task.group) {
    const before = performance.now();
    database.exec('BEGIN IMMEDIATE');
    for (const change of changes.slice(at, at + task.group)) write(change, read, state, run);
    database.exec('COMMIT');
    latencies.push(performance.now() - before);
  }
  database.close();
  return latencies;
}

async function writeInThreads(task: Task, connections: number): Promise<void> {
  const threads = Array.from(
    { length: connections },
    () => new Worker(new URL(import.meta.url), { workerData: task }),
  );
  await Promise.all(threads.map((thread) => once(thread, 'message')));
  const start = performance.now();
  const done = threads.map(async (thread): Promise<number[]> => (await once(thread, 'message'))[0]);
  Atomics.store(task.gate, 0, 1);
  Atomics.notify(task.gate, 0);
  const latencies = (await Promise.all(done)).flat();
  const seconds = (performance.now() - start) / 1000;
  const outcome = outcomeOf({ latencies, seconds, unitsPerRequest: task.group, errors: 0, firstError: null });
  process.stdout.write(`${JSON.stringify(outcome)}\n`);
}

if (isMainThread) {
  const { values } = parseArgs({
    options: {
      database: { type: 'string', default: '' },
      connections: { type: 'string', default: '1' },
      seconds: { type: 'string', default: '3' },
      group: { type: 'string', default: '1' },
    },
  });
  const [connections, seconds, group] = [
    Number(values.connections),
    Number(values.seconds),
    Number(values.group),
  ];
  // More runs than any disk can commit in the time.
  const runs = Math.ceil((seconds * 6000) / connections);
  const gate = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  await writeInThreads({ file: values.database, seconds, group, runs, gate }, connections);
} else {
  const latencies = writeChanges(workerData, () => parentPort?.postMessage('ready'));
  parentPort?.postMessage(latencies);
}
