// The bare driver on Postgres: the rows of a task run's state changes, in the same transactions, without a server.
// usage: node raw-postgres.ts --database URL --connections 10 --seconds 5
import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { outcomeOf } from './outcome.ts';
import { changesOf, type RawChange, stateDetails, timestamp } from './raw-rows.ts';

const begin = { name: 'begin', text: 'BEGIN' };
const commit = { name: 'commit', text: 'COMMIT' };
const select = {
  name: 'read',
  text: `
  SELECT r.id, r.flow_run_id, r.run_count, r.start_time, r.total_run_time, r.tags, r.empirical_policy,
         s.type, s.timestamp, s.state_details, f.state_type, f.run_count AS flow_run_run_count
  FROM task_run r LEFT JOIN task_run_state s ON s.id = r.state_id JOIN flow_run f ON f.id = r.flow_run_id
  WHERE r.id = $1 FOR NO KEY UPDATE OF r`,
};
const insert = {
  name: 'state',
  text: `
  INSERT INTO task_run_state (id, created, updated, type, timestamp, name, message, state_details, data, task_run_id)
  VALUES ($1, $2, $2, $3, $2, $4, NULL, $5, NULL, $6)`,
};
const update = {
  name: 'run',
  text: `
  UPDATE task_run SET updated = $2, state_id = $3, state_type = $4, state_name = $5, state_timestamp = $2, run_count = 1,
         start_time = coalesce(start_time, $2), end_time = $6, flow_run_run_count = 1
  WHERE id = $1`,
};

async function openClient(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString, pipeline: true });
  await client.connect();
  await client.query("SET timezone = 'UTC'");
  return client;
}

/** Creates a running flow run with `runs` Pending task runs and returns the changes to make. */
async function prepareChanges(client: pg.Client, runs: number): Promise<RawChange[]> {
  const flowId = randomUUID();
  const flowRunId = randomUUID();
  const ids = Array.from({ length: runs }, () => randomUUID());
  const stateIds = ids.map(() => randomUUID());
  const details = ids.map((id) => stateDetails(id, flowRunId));
  await client.query('INSERT INTO flow (id, name) VALUES ($1::uuid, $2)', [flowId, `raw-${flowId}`]);
  await client.query(
    "INSERT INTO flow_run (id, name, flow_id, state_type, run_count) VALUES ($1, 'raw', $2, 'RUNNING', 1)",
    [flowRunId, flowId],
  );
  await client.query(
    `INSERT INTO task_run (id, name, task_key, dynamic_key, flow_run_id, state_type, state_name)
     SELECT id, 'raw', 'raw', id, $2, 'PENDING', 'Pending' FROM unnest($1::uuid[]) id`,
    [ids, flowRunId],
  );
  await client.query(
    `INSERT INTO task_run_state (id, type, name, state_details, task_run_id)
     SELECT *  FROM (SELECT unnest($1::uuid[]), 'PENDING'::state_type, 'Pending', unnest($2::jsonb[]), unnest($3::uuid[])) s`,
    [stateIds, details, ids],
  );
  await client.query(
    'UPDATE task_run r SET state_id = s.id FROM task_run_state s WHERE s.task_run_id = r.id AND r.flow_run_id = $1',
    [flowRunId],
  );
  return ids.flatMap((id) => changesOf(id, flowRunId));
}

/** One state change: reads in one round trip, writes in the next. */
async function write(client: pg.Client, change: RawChange): Promise<void> {
  const { stateId, taskRunId, type, name, details } = change;
  const now = `${timestamp()}+00`;
  await Promise.all([client.query(begin), client.query({ ...select, values: [taskRunId] })]);
  await Promise.all([
    client.query({ ...insert, values: [stateId, now, type, name, details, taskRunId] }),
    client.query({
      ...update,
      values: [taskRunId, now, stateId, type, name, type === 'COMPLETED' ? now : null],
    }),
    client.query(commit),
  ]);
}

async function writeChanges(client: pg.Client, changes: RawChange[], deadline: number): Promise<number[]> {
  const latencies: number[] = [];
  for (const change of changes) {
    const before = performance.now();
    if (before > deadline) break;
    await write(client, change);
    latencies.push(performance.now() - before);
  }
  return latencies;
}

const { values } = parseArgs({
  options: {
    database: { type: 'string', default: '' },
    connections: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '3' },
  },
});
const [connections, seconds] = [Number(values.connections), Number(values.seconds)];
const clients = await Promise.all(Array.from({ length: connections }, () => openClient(values.database)));
// More runs than any disk can commit in the time.
const runs = Math.ceil((seconds * 4000) / connections);
const work = await Promise.all(clients.map((client) => prepareChanges(client, runs)));
const start = performance.now();
const done = await Promise.all(
  clients.map((client, index) => writeChanges(client, work[index] ?? [], start + seconds * 1000)),
);
const elapsed = (performance.now() - start) / 1000;
await Promise.all(clients.map((client) => client.end()));
const outcome = outcomeOf({
  latencies: done.flat(),
  seconds: elapsed,
  unitsPerRequest: 1,
  errors: 0,
  firstError: null,
});
process.stdout.write(`${JSON.stringify(outcome)}\n`);
