import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import type { BenchDatabase, Dialect } from '../subjects/databases.ts';

/** A work queue with waiting runs. */
export type BenchQueue = {
  name: string;
  /** Of several queues of one pool, that with the lowest number is emptied first. */
  priority: number;
  concurrencyLimit: number | null;
  /** The number of its runs that are Running beforehand, and so hold a slot. */
  running: number;
};

/** A work pool full of Scheduled runs, which are distributed over its queues in turn. */
export type BenchPool = {
  name: string;
  concurrencyLimit: number | null;
  queues: readonly BenchQueue[];
  runs: number;
  /** The runs are scheduled for the seconds before and after this time, in milliseconds since the epoch. */
  now: number;
  secondsPast: number;
  secondsAhead: number;
};

/** The id of a queue by its position in the pool. */
export function queueIdOf(place: number): string {
  return `00000000-0000-4000-8000-${place.toString(16).padStart(12, '0')}`;
}

const flowId = 'f0000000-0000-4000-8000-000000000001';
const poolId = 'f0000000-0000-4000-8000-000000000002';

/** What differs between the dialects in the statements below. */
type Spelling = {
  /** Rows with the numbers from 0, named `n`, up to a count. */
  numbers: (count: number) => string;
  /** A text of hexadecimal digits. */
  hex: (value: string, width: number) => string;
  /** The timestamp this many seconds after 1970. */
  moment: (seconds: string) => string;
  id: (text: string) => string;
  noTime: string;
  json: (text: string) => string;
};

const spellings: Record<Dialect, Spelling> = {
  sqlite: {
    numbers: (count) =>
      `(WITH RECURSIVE series(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM series WHERE n < ${count - 1}) SELECT n FROM series)`,
    hex: (value, width) => `printf('%0${width}x', ${value})`,
    moment: (seconds) => `strftime('%Y-%m-%d %H:%M:%f000', ${seconds}, 'unixepoch')`,
    id: (text) => text,
    noTime: `'1970-01-01 00:00:00.000000'`,
    json: (text) => `'${text}'`,
  },
  postgres: {
    numbers: (count) => `(SELECT n FROM generate_series(0::bigint, ${count - 1}) AS n)`,
    hex: (value, width) => `lpad(to_hex(${value}), ${width}, '0')`,
    moment: (seconds) => `to_timestamp(${seconds})`,
    id: (text) => `cast(${text} AS uuid)`,
    noTime: `interval '0'`,
    json: (text) => `cast('${text}' AS jsonb)`,
  },
};

/**
 * Fills a database that has the tables directly: the pool, its queues, the Scheduled runs and those that hold slots, all with
 * their states, and the planner's statistics. Ids look random, like those of servers.
 */
export async function loadScheduledRuns(
  database: BenchDatabase,
  dialect: Dialect,
  pool: BenchPool,
): Promise<void> {
  const statements = statementsOf(pool, spellings[dialect]);
  if (dialect === 'sqlite') loadSqlite(database.driverTarget, statements);
  else await loadPostgres(database.driverTarget, statements);
}

/** Updates the planner's statistics, as after creating an index. */
export async function analyze(database: BenchDatabase, dialect: Dialect): Promise<void> {
  if (dialect === 'sqlite') loadSqlite(database.driverTarget, []);
  else await loadPostgres(database.driverTarget, []);
}

function loadSqlite(file: string, statements: readonly string[]): void {
  const database = new DatabaseSync(file, { timeout: 60_000, enableForeignKeyConstraints: false });
  database.exec('PRAGMA cache_size = -600000; BEGIN IMMEDIATE');
  for (const statement of statements) database.exec(statement);
  database.exec('COMMIT; PRAGMA analysis_limit = 10000; ANALYZE; PRAGMA wal_checkpoint(TRUNCATE)');
  database.close();
}

async function loadPostgres(connectionString: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    // Disables foreign keys: everything that is referred to exists at the end.
    await client.query("SET timezone = 'UTC'; SET session_replication_role = replica");
    const indexes = statements.length === 0 ? [] : await dropIndexes(client);
    for (const statement of statements) await client.query(statement);
    for (const definition of indexes) await client.query(definition);
    await client.query('VACUUM ANALYZE flow_run, flow_run_state, work_queue, work_pool');
  } finally {
    await client.end();
  }
}

/**
 * Drops the indexes that are not constraints and returns their definitions: creating them at the end takes a third of the
 * time.
 */
async function dropIndexes(client: pg.Client): Promise<string[]> {
  const found = await client.query<{ name: string; definition: string }>(`
    SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition FROM pg_index
    WHERE indrelid IN ('flow_run'::regclass, 'flow_run_state'::regclass)
      AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)`);
  for (const { name } of found.rows) await client.query(`DROP INDEX ${name}`);
  await client.query("SET maintenance_work_mem = '512MB'");
  return found.rows.map(({ definition }) => definition);
}

function statementsOf(pool: BenchPool, spelling: Spelling): string[] {
  const held = pool.queues.reduce((sum, queue) => sum + queue.running, 0);
  return [
    ...groundOf(pool, spelling),
    ...runsOf(pool, spelling, { count: pool.runs, from: 0, queue: queueOfNumber(pool), held: false }),
    ...(held === 0
      ? []
      : runsOf(pool, spelling, { count: held, from: pool.runs, queue: queueOfHolder(pool), held: true })),
  ];
}

function groundOf(pool: BenchPool, { moment }: Spelling): string[] {
  const now = moment(String(Math.round(pool.now / 1000)));
  const stamps = `${now}, ${now}`;
  const limit = (value: number | null) => (value === null ? 'NULL' : String(value));
  const queues = pool.queues.map(
    ({ name, priority, concurrencyLimit }, place) =>
      `('${queueIdOf(place)}', ${stamps}, '${name}', ${priority}, ${limit(concurrencyLimit)}, '${poolId}')`,
  );
  return [
    `INSERT INTO flow (id, created, updated, name, tags) VALUES ('${flowId}', ${stamps}, '${pool.name}', '[]')`,
    `INSERT INTO work_pool (id, created, updated, name, type, base_job_template, concurrency_limit, default_queue_id)
     VALUES ('${poolId}', ${stamps}, '${pool.name}', 'process', '{}', ${limit(pool.concurrencyLimit)}, '${queueIdOf(0)}')`,
    `INSERT INTO work_queue (id, created, updated, name, priority, concurrency_limit, work_pool_id)
     VALUES ${queues.join(', ')}`,
  ];
}

/** The position of the queue of run `n`: each in turn. */
function queueOfNumber({ queues }: BenchPool): string {
  return `n % ${queues.length}`;
}

/** The position of the queue of run number `n` among those that hold a slot. */
function queueOfHolder({ queues }: BenchPool): string {
  let upTo = 0;
  const cases = queues.map(({ running }, place) => {
    upTo += running;
    return `WHEN n < ${upTo} THEN ${place}`;
  });
  return `CASE ${cases.join(' ')} ELSE 0 END`;
}

type Batch = { count: number; from: number; queue: string; held: boolean };

function runsOf(pool: BenchPool, spelling: Spelling, { count, from, queue, held }: Batch): string[] {
  const { numbers, hex, id, moment, noTime, json } = spelling;
  const number = `(n + ${from})`;
  // Multiplied by a large odd number they follow each other as if at random.
  const idOf = (kind: string) =>
    id(
      `${hex(`((${number} * 2654435761) & 4294967295)`, 8)} || '-000${kind}-4000-8000-' || ${hex(number, 12)}`,
    );
  const type = held ? 'RUNNING' : 'SCHEDULED';
  const name = held ? 'Running' : 'Scheduled';
  const span = pool.secondsPast + pool.secondsAhead;
  const seconds = `(${pool.now / 1000 - pool.secondsPast} + (${number} * 7919 % ${count}) * ${span} / ${count}.0)`;
  const due = moment(seconds);
  const created = moment(String(pool.now / 1000 - pool.secondsPast));
  const queueName = `CASE place ${pool.queues.map((it, place) => `WHEN ${place} THEN '${it.name}'`).join(' ')} END`;
  const queueId = id(`'00000000-0000-4000-8000-' || ${hex('place', 12)}`);
  const source = `(SELECT n, ${queue} AS place FROM ${numbers(count)} AS numbers) AS numbers`;
  return [
    `INSERT INTO flow_run (id, created, updated, name, flow_id, state_id, state_type, state_name, state_timestamp,
       run_count, expected_start_time, next_scheduled_start_time, start_time, total_run_time, parameters, context,
       empirical_policy, tags, auto_scheduled, work_queue_name, work_queue_id)
     SELECT ${idOf('1')}, ${created}, ${created}, 'waiting-run', ${id(`'${flowId}'`)}, ${idOf('2')}, '${type}', '${name}',
       ${created}, ${held ? 1 : 0}, ${due}, ${held ? 'NULL' : due}, ${held ? due : 'NULL'}, ${noTime},
       ${json('{"name": "world"}')}, ${json('{}')}, ${json('{}')}, ${json('["bench"]')},
       ${spelling === spellings.sqlite ? '1' : 'true'}, ${queueName}, ${queueId}
     FROM ${source}`,
    `INSERT INTO flow_run_state (id, created, updated, type, name, timestamp, message, state_details, flow_run_id)
     SELECT ${idOf('2')}, ${created}, ${created}, '${type}', '${name}', ${created}, 'Flow run scheduled', ${json('{}')}, ${idOf('1')}
     FROM ${source}`,
  ];
}
