import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Timestamp } from '@mintaka/contract';
import pg from 'pg';
import { postgresDialect } from '../../packages/server/src/database/dialects/postgres/index.ts';
import { sqliteDialect } from '../../packages/server/src/database/dialects/sqlite/index.ts';
import type { NewState, StoredRunPatch } from '../../packages/server/src/database/dialects/state-change.ts';
import { postgresTypes } from '../../packages/server/src/database/drivers/postgres-types.ts';
import { postgresBuilder, sqliteBuilder } from '../../packages/server/src/database/drivers/session.ts';
import type { WriteSession } from '../../packages/server/src/database/session.ts';
import type { Statement } from '../../packages/server/src/database/statements.ts';
import type { Dialect } from './databases.ts';
import { sqliteValue } from './raw-statements.ts';

/** The tables of runs. */
export type Table = 'flow_run' | 'task_run';

/** The operations of a transaction of the prototype. */
export type Writing = {
  /** The one read of a state change. */
  read: (table: Table, id: string) => Promise<{ run_count: number }>;
  insert: (table: string, row: Readonly<Record<string, unknown>>) => void;
  insertState: (table: Table, runId: string, state: NewState, now: Timestamp) => void;
  updateRun: (table: Table, runId: string, patch: StoredRunPatch) => void;
};

/** The database of the prototype; a transaction is answered once it is durable. */
export type PrototypeDatabase = {
  transaction<Result>(work: (writing: Writing) => Promise<Result>): Promise<Result>;
};

/** The server's own connections to Postgres are as many. */
const poolSize = 10;

/** Opens a file or a connection string, whose tables exist. */
export async function openPrototype(dialect: Dialect, target: string): Promise<PrototypeDatabase> {
  return dialect === 'sqlite' ? openSqlite(target) : openPostgres(target);
}

/** SQLite: the transactions that wait together share one commit, which is synced. */
function openSqlite(file: string): PrototypeDatabase {
  const database = new DatabaseSync(file, { timeout: 60_000 });
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
  database.exec('PRAGMA cache_size = -32768');
  const prepared = new Map<string, StatementSync>();
  const prepare = ({ sql }: Statement) => {
    const statement = prepared.get(sql) ?? database.prepare(sql);
    prepared.set(sql, statement);
    return statement;
  };
  const values = ({ parameters }: Statement) => parameters.map(sqliteValue);
  const writing = writingBy('sqlite', {
    ask: async (statement) => prepare(statement).all(...values(statement)),
    send: (statement) => void prepare(statement).run(...values(statement)),
  });
  const [begin, commit] = [database.prepare('BEGIN IMMEDIATE'), database.prepare('COMMIT')];
  let waiting: (() => Promise<() => void>)[] = [];
  const writeAll = async () => {
    const batch = waiting;
    waiting = [];
    const answers: (() => void)[] = [];
    begin.run();
    for (const work of batch) answers.push(await work());
    commit.run();
    for (const answer of answers) answer();
  };
  return {
    transaction: (work) =>
      new Promise((resolve) => {
        if (waiting.length === 0) setImmediate(() => void writeAll());
        waiting.push(async () => {
          const result = await work(writing);
          return () => resolve(result);
        });
      }),
  };
}

/** Postgres: reads are sent with BEGIN, writes with COMMIT. */
function openPostgres(connectionString: string): PrototypeDatabase {
  const options = '-c timezone=UTC -c datestyle=ISO -c intervalstyle=iso_8601 -c jit=off';
  const pool = new pg.Pool({
    connectionString,
    max: poolSize,
    options,
    types: postgresTypes,
    pipeline: true,
  });
  const names = new Map<string, string>();
  const query = (client: pg.PoolClient, { sql, parameters }: Statement) => {
    const name = names.get(sql) ?? `s${names.size}`;
    names.set(sql, name);
    return client.query({ name, text: sql, values: [...parameters] });
  };
  return {
    transaction: async (work) => {
      const client = await pool.connect();
      const sent: Promise<unknown>[] = [];
      const send = (statement: Statement) => void sent.push(query(client, statement));
      try {
        send({ sql: 'BEGIN', parameters: [] });
        const ask = async (statement: Statement) => (await query(client, statement)).rows;
        const result = await work(writingBy('postgres', { ask, send }));
        send({ sql: 'COMMIT', parameters: [] });
        await Promise.all(sent);
        return result;
      } finally {
        client.release();
      }
    },
  };
}

type Bare = { ask: (statement: Statement) => Promise<unknown[]>; send: (statement: Statement) => void };

/** The statements of our server's state changes, and plain inserts. */
function writingBy(dialect: Dialect, { ask, send }: Bare): Writing {
  const unasked = () => Promise.reject(new Error('the prototype sends no other statement'));
  const spelling = dialect === 'sqlite' ? sqliteDialect : postgresDialect;
  const statements = spelling.questions.stateChange;
  const session: WriteSession = {
    sql: dialect === 'sqlite' ? sqliteBuilder() : postgresBuilder(),
    dialect: spelling,
    all: unasked,
    first: unasked,
    run: unasked,
    ask: async <Row>(statement: Statement) => (await ask(statement)) as Row[],
    send: (statement) => send('compile' in statement ? statement.compile() : statement),
    changed: () => {},
    afterCommit: () => {},
    proveCommit: () => {},
    mayRunAgain: () => {},
    attempt: (work) => work(),
  };
  return {
    read: async (table, id) => {
      const run =
        table === 'flow_run' ? await statements.flowRun(session, id) : await statements.taskRun(session, id);
      if (run === undefined) throw new Error(`no ${table} ${id}`);
      return run;
    },
    insert: (table, row) => {
      const columns = Object.keys(row);
      const places = columns.map((_, place) => (dialect === 'sqlite' ? '?' : `$${place + 1}`));
      send({
        sql: `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places.join(', ')})`,
        parameters: Object.values(row),
      });
    },
    insertState: (...state) => statements.insertState(session, ...state),
    updateRun: (...patch) => statements.updateRun(session, ...patch),
  };
}
