import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import pg from 'pg';
import type { Dialect } from '../subjects/databases.ts';

/** The number of runs, and the time for inserting their rows; CPU time is this process's own. */
export type RawRuns = { runs: number; seconds: number; processorSeconds: number };

/** How many runs share a commit. */
const batch = 500;

/**
 * Removes all flow runs and their states from a database and inserts the same rows again with the bare driver, row by row on
 * SQLite and with one statement per table on Postgres.
 */
export function rawScheduledRuns(dialect: Dialect, target: string): Promise<RawRuns> {
  return dialect === 'sqlite' ? inSqlite(target) : inPostgres(target);
}

async function inSqlite(file: string): Promise<RawRuns> {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
  database.exec('PRAGMA cache_size = -32768');
  const runs = database.prepare('SELECT * FROM flow_run ORDER BY rowid').all();
  const states = database
    .prepare('SELECT s.* FROM flow_run r JOIN flow_run_state s ON s.id = r.state_id ORDER BY r.rowid')
    .all();
  database.exec('DELETE FROM flow_run; DELETE FROM flow_run_state; VACUUM');
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  const insertRun = inserter(database, 'flow_run', runs[0] ?? {});
  const insertState = inserter(database, 'flow_run_state', states[0] ?? {});
  const stop = stopwatch();
  for (let from = 0; from < runs.length; from += batch) {
    database.exec('BEGIN IMMEDIATE; PRAGMA defer_foreign_keys = ON');
    for (const run of runs.slice(from, from + batch)) insertRun(run);
    for (const state of states.slice(from, from + batch)) insertState(state);
    database.exec('COMMIT');
  }
  const times = stop();
  database.close();
  return { runs: runs.length, ...times };
}

type SqliteRow = Record<string, SQLInputValue>;

function inserter(database: DatabaseSync, table: string, sample: object): (row: SqliteRow) => void {
  const columns = Object.keys(sample);
  const holes = columns.map(() => '?').join(', ');
  const statement = database.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${holes})`);
  return (row) => {
    statement.run(...columns.map((column) => row[column] ?? null));
  };
}

async function inPostgres(connectionString: string): Promise<RawRuns> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  await client.query('CREATE TEMP TABLE kept_run AS SELECT *, row_number() OVER () AS place FROM flow_run');
  await client.query(
    'CREATE TEMP TABLE kept_state AS SELECT state.*, place FROM flow_run_state AS state JOIN kept_run ON state.id = kept_run.state_id',
  );
  const { rows } = await client.query<{ runs: string }>('SELECT count(*) AS runs FROM kept_run');
  const runs = Number(rows[0]?.runs ?? 0);
  await client.query('DELETE FROM flow_run');
  await client.query('CREATE INDEX ON kept_run (place)');
  await client.query('CREATE INDEX ON kept_state (place)');
  await client.query('ANALYZE kept_run');
  await client.query('ANALYZE kept_state');
  const [runColumns, stateColumns] = [
    await columnsOf(client, 'flow_run'),
    await columnsOf(client, 'flow_run_state'),
  ];
  const withoutState = runColumns.filter((column) => column !== 'state_id').join(', ');
  const stop = stopwatch();
  for (let from = 0; from < runs; from += batch) {
    const page = `WHERE place > ${from} AND place <= ${from + batch}`;
    await client.query('BEGIN');
    await client.query(`INSERT INTO flow_run (${withoutState}) SELECT ${withoutState} FROM kept_run ${page}`);
    await client.query(
      `INSERT INTO flow_run_state (${stateColumns.join(', ')}) SELECT ${stateColumns.join(', ')} FROM kept_state ${page}`,
    );
    await client.query('COMMIT');
  }
  const times = stop();
  await client.end();
  return { runs, ...times };
}

async function columnsOf(client: pg.Client, table: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT attname AS name FROM pg_attribute WHERE attrelid = '${table}'::regclass AND attnum > 0 AND NOT attisdropped`,
  );
  return rows.map(({ name }) => name);
}

function stopwatch(): () => Omit<RawRuns, 'runs'> {
  const start = performance.now();
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return { seconds: (performance.now() - start) / 1000, processorSeconds: (user + system) / 1e6 };
  };
}
