import { createHash } from 'node:crypto';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import pg from 'pg';
import type { BenchDatabase, Dialect } from '../subjects/databases.ts';

/** A row of a table, with values as in JSON; JSON columns contain the value itself. */
export type Row = Record<
  string,
  string | number | boolean | null | readonly string[] | Record<string, string>
>;

/** What {@link loadManyRuns} inserted, for requests about it. */
export type ManyRuns = {
  runs: number;
  flows: number;
  /** The first and the last expected start of a run, in the API's form. */
  first: string;
  last: string;
};

const flows = 100;
const daysPast = 30;
const daysAhead = 2;
const batch = 5000;

/**
 * Inserts flow runs with their states directly into a database that has the tables: most of them Completed, spread over
 * thirty days, and one in twenty Scheduled for the next two. All are tagged `bench`, one in ten `tenth`, one in a thousand
 * `rare`. The same number and time give the same rows.
 */
export async function loadManyRuns(
  database: BenchDatabase,
  dialect: Dialect,
  runs: number,
  now: number,
): Promise<ManyRuns> {
  const insert = await openInsert(database, dialect);
  await insert.rows(
    'flow',
    range(0, flows).map((flow) => flowRow(flow, now)),
  );
  for (let from = 0; from < runs; from += batch) {
    const numbers = range(from, Math.min(from + batch, runs));
    await insert.rows(
      'flow_run',
      numbers.map((run) => runRow(run, runs, now)),
    );
    await insert.rows(
      'flow_run_state',
      numbers.map((run) => stateRow(run, runs, now)),
    );
  }
  await insert.end();
  const day = 86_400_000;
  const first = new Date(now - daysPast * day).toISOString();
  return { runs, flows, first, last: new Date(now + daysAhead * day).toISOString() };
}

function flowRow(flow: number, now: number): Row {
  const created = moment(now - daysPast * 86_400_000);
  return { id: idOf('flow', flow), created, updated: created, name: `many-${flow}`, tags: [] };
}

type Stage = { type: string; name: string; expected: number; started: boolean; ended: boolean };

function stageOf(run: number, runs: number, now: number): Stage {
  const day = 86_400_000;
  const share = run / runs;
  if (share >= 0.95) {
    const expected = now + ((share - 0.95) / 0.05) * daysAhead * day;
    return { type: 'SCHEDULED', name: 'Scheduled', expected, started: false, ended: false };
  }
  const expected = now - (1 - share / 0.95) * daysPast * day;
  if (share > 0.9495) return { type: 'RUNNING', name: 'Running', expected, started: true, ended: false };
  const failed = run % 10 === 3;
  return {
    type: failed ? 'FAILED' : 'COMPLETED',
    name: failed ? 'Failed' : 'Completed',
    expected,
    started: true,
    ended: true,
  };
}

function runRow(run: number, runs: number, now: number): Row {
  const { type, name, expected, started, ended } = stageOf(run, runs, now);
  const start = started ? moment(expected + 1500 + (run % 700)) : null;
  const tags = ['bench', `team-${run % 20}`, ...(run % 10 === 7 ? ['tenth'] : [])];
  return {
    id: idOf('run', run),
    created: moment(expected - 60_000),
    updated: moment(expected + 60_000),
    name: `quick-run-${run}`,
    flow_id: idOf('flow', run % flows),
    state_id: idOf('state', run),
    state_type: type,
    state_name: name,
    state_timestamp: moment(ended ? expected + 62_000 : started ? expected + 1500 : expected - 60_000),
    run_count: started ? 1 : 0,
    expected_start_time: moment(expected),
    next_scheduled_start_time: started ? null : moment(expected),
    start_time: start,
    end_time: ended ? moment(expected + 62_000 + (run % 700)) : null,
    total_run_time: ended ? '1970-01-01 00:01:00.500000' : '1970-01-01 00:00:00.000000',
    flow_version: `v${run % 7}`,
    parameters: { name: 'world', number: String(run) },
    context: {},
    empirical_policy: {},
    tags: run % 1000 === 500 ? [...tags, 'rare'] : tags,
    auto_scheduled: false,
    work_queue_name: 'default',
  };
}

function stateRow(run: number, runs: number, now: number): Row {
  const { type, name, expected } = stageOf(run, runs, now);
  return {
    id: idOf('state', run),
    created: moment(expected),
    updated: moment(expected),
    type,
    name,
    timestamp: moment(expected),
    message: 'All states completed.',
    state_details: { flow_run_id: idOf('run', run) },
    flow_run_id: idOf('run', run),
  };
}

/** Somewhere rows go, past any server; foreign keys are not checked. */
export type Insert = { rows(table: string, rows: readonly Row[]): Promise<void>; end(): Promise<void> };

/** Opens a database that has the tables, to insert rows. */
export async function openInsert({ driverTarget }: BenchDatabase, dialect: Dialect): Promise<Insert> {
  return dialect === 'sqlite' ? openSqlite(driverTarget) : openPostgres(driverTarget);
}

function openSqlite(file: string): Insert {
  const database = new DatabaseSync(file, { timeout: 60_000, enableForeignKeyConstraints: false });
  return {
    rows: async (table, rows) => {
      const columns = Object.keys(rows[0] ?? {});
      const places = columns.map(() => '?').join(', ');
      const statement = database.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places})`);
      database.exec('BEGIN IMMEDIATE');
      for (const row of rows) statement.run(...columns.map((column) => sqliteValue(row[column])));
      database.exec('COMMIT');
    },
    end: async () => {
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      database.close();
    },
  };
}

function sqliteValue(value: Row[string] | undefined): SQLInputValue {
  switch (typeof value) {
    case 'boolean':
      return value ? 1 : 0;
    case 'object':
      return value === null ? null : JSON.stringify(value);
    default:
      return value ?? null;
  }
}

async function openPostgres(connectionString: string): Promise<Insert> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  await client.query("SET timezone = 'UTC'; SET session_replication_role = replica");
  return {
    rows: async (table, rows) => {
      const columns = Object.keys(rows[0] ?? {}).join(', ');
      const text = `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM jsonb_populate_recordset(NULL::${table}, $1)`;
      await client.query(text, [JSON.stringify(rows.map(postgresRow))]);
    },
    end: async () => {
      await client.query('VACUUM ANALYZE');
      await client.end();
    },
  };
}

/** SQLite stores a duration as the timestamp that long after 1970. */
function postgresRow(row: Row): Row {
  const { total_run_time } = row;
  if (typeof total_run_time !== 'string') return row;
  return { ...row, total_run_time: total_run_time.slice(11) };
}

/** An id that looks random, like those of servers, which matters for indexes. */
export function idOf(kind: string, number: number): string {
  const hash = createHash('md5').update(`${kind} ${number}`).digest('hex');
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-4${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20)}`;
}

/** A timestamp in the form of SQLite's columns. */
export function moment(milliseconds: number): string {
  const text = new Date(milliseconds).toISOString();
  return `${text.slice(0, 10)} ${text.slice(11, 23)}000`;
}

/** The whole numbers from `from` to before `to`. */
export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, place) => from + place);
}
