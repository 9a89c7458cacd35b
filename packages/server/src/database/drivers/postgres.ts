import type { Kysely } from 'kysely';
import pg from 'pg';
import type { AdminConnection, Database, OnCommit } from '../database.ts';
import { postgresDialect } from '../dialects/postgres.ts';
import { DatabaseUnavailableError } from '../errors.ts';
import type { Query, ReadSession, Statement, WriteSession } from '../session.ts';
import type { Tables } from '../tables.ts';
import { mayRunAgain, postgresError } from './postgres-errors.ts';
import { postgresTypes } from './postgres-types.ts';
import { postgresBuilder, toStatement } from './session.ts';

/** How often a transaction starts again after a deadlock before its error is handed on. */
const attempts = 5;
/** How many statements get a name, and so stay prepared on each connection. */
const namedLimit = 500;

/** Where a Postgres database is and how to use it. Durations in seconds. */
export type PostgresOptions = {
  host: string;
  port: number;
  database: string;
  user: string | undefined;
  password: string | undefined;
  ssl: boolean | { rejectUnauthorized: boolean };
  connectionTimeout: number;
  statementTimeout: number;
  poolSize: number;
  /** Called where an idle connection breaks; the pool replaces it. */
  onConnectionLost: (error: Error) => void;
  /** Milliseconds since any fixed moment. */
  monotonic: () => number;
  /** Told of each commit. */
  onCommit: OnCommit | undefined;
};

type Result = pg.QueryResult<Record<string, unknown>>;
type Send = (statement: Statement) => Promise<Result>;

/**
 * Opens a pool of connections to a Postgres database.
 * @throws DatabaseUnavailableError where the server cannot be reached or refuses us.
 */
export async function openPostgres(options: PostgresOptions): Promise<Database> {
  const pool = new pg.Pool(poolConfig(options));
  pool.on('error', options.onConnectionLost);
  await greet(pool, options);

  const builder = postgresBuilder();
  const nameOf = statementNames();
  const sendOn = (client: pg.PoolClient): Send => {
    const gather = gathering(client);
    return (statement) => {
      gather();
      return client.query(queryConfig(statement, nameOf)).catch(rethrow);
    };
  };
  const sendOnAny: Send = (statement) => pool.query(queryConfig(statement, nameOf)).catch(rethrow);
  const outside = readSession(builder, sendOnAny);

  return {
    dialect: postgresDialect,
    read: (work) => work(outside),
    readLong: (work) => work(outside),
    transaction: (work) => again(() => transact(pool, builder, sendOn, work, options)),
    administer: (work) => withClient(pool, (client) => work(administration(client))),
    close: () => pool.end(),
  };
}

async function transact<R>(
  pool: pg.Pool,
  builder: Kysely<Tables>,
  sendOn: (client: pg.PoolClient) => Send,
  work: (session: WriteSession) => Promise<R>,
  { monotonic, onCommit }: Pick<PostgresOptions, 'monotonic' | 'onCommit'>,
): Promise<R> {
  return withClient(pool, async (client) => {
    const send = sendOn(client);
    const unwaited: Promise<unknown>[] = [send({ sql: 'BEGIN', parameters: [] })];
    unwaited.forEach(ignoreForNow);
    try {
      const afterCommit: (() => void)[] = [];
      const onSent = (sent: Promise<unknown>) => {
        ignoreForNow(sent);
        unwaited.push(sent);
      };
      const session = writeSession(builder, send, onSent, (callback) => afterCommit.push(callback));
      const result = await work(session);
      const started = monotonic();
      const committed = send({ sql: 'COMMIT', parameters: [] });
      ignoreForNow(committed);
      await Promise.all(unwaited);
      // A COMMIT after a failed statement answers ROLLBACK, without an error.
      const { command } = await committed;
      if (command !== 'COMMIT') throw new Error('the transaction was rolled back by the server');
      onCommit?.((monotonic() - started) / 1000, 1);
      for (const callback of afterCommit) callback();
      return result;
    } catch (error) {
      await send({ sql: 'ROLLBACK', parameters: [] });
      // A write that failed comes before whatever its absence led to.
      await Promise.all(unwaited);
      throw error;
    }
  });
}

/**
 * Lets the statements that are sent in one turn of the event loop leave in one write: each write is a system call here
 * and a wake-up of the server's process there, and they are half of a state change's processor time.
 */
function gathering(client: pg.PoolClient): () => void {
  const { stream } = client.connection;
  let gathered = false;
  return () => {
    if (gathered) return;
    gathered = true;
    stream.cork();
    process.nextTick(() => {
      gathered = false;
      stream.uncork();
    });
  };
}

/** A promise whose rejection is looked at later must not count as unhandled until then. */
function ignoreForNow(promise: Promise<unknown>): void {
  promise.catch(() => {});
}

function readSession(sql: Kysely<Tables>, send: Send): ReadSession {
  // The rows' types are the query's own: Kysely derived them from `tables.ts`, whose forms `postgresTypes` decodes to.
  return {
    sql,
    dialect: postgresDialect,
    all: async <Row>(query: Query<Row>) => (await send(query.compile())).rows as Row[],
    first: async <Row>(query: Query<Row>) => (await send(query.compile())).rows[0] as Row | undefined,
    ask: async <Row>(statement: Statement) => (await send(statement)).rows as Row[],
  };
}

function writeSession(
  sql: Kysely<Tables>,
  send: Send,
  onSent: (sent: Promise<unknown>) => void,
  afterCommit: WriteSession['afterCommit'],
): WriteSession {
  return {
    ...readSession(sql, send),
    run: async (query) => (await send(query.compile())).rowCount ?? 0,
    send: (query) => onSent(send(toStatement(query))),
    afterCommit,
  };
}

function poolConfig(options: PostgresOptions): pg.PoolConfig & { pipeline: boolean } {
  return {
    host: options.host,
    port: options.port,
    database: options.database,
    ...(options.user === undefined ? {} : { user: options.user }),
    ...(options.password === undefined ? {} : { password: options.password }),
    ssl: options.ssl,
    max: options.poolSize,
    connectionTimeoutMillis: options.connectionTimeout * 1000,
    // Firewalls forget connections that are silent, and a statement on such a one waits for many minutes.
    keepAlive: true,
    statement_timeout: options.statementTimeout * 1000,
    options: '-c timezone=UTC -c datestyle=ISO -c intervalstyle=iso_8601 -c jit=off',
    application_name: 'mintaka',
    types: postgresTypes,
    pipeline: true,
  };
}

async function greet(pool: pg.Pool, options: PostgresOptions): Promise<void> {
  try {
    await pool.query('SELECT 1');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const where = `${options.database} at ${options.host}:${options.port}`;
    await pool.end();
    throw new DatabaseUnavailableError(`cannot open the Postgres database ${where}: ${reason}`, error);
  }
}

async function withClient<R>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<R>): Promise<R> {
  const client = await pool.connect();
  let broken: Error | undefined;
  const notice = (error: Error) => {
    broken = error;
  };
  client.on('error', notice);
  try {
    return await work(client);
  } finally {
    client.removeListener('error', notice);
    client.release(broken);
  }
}

async function again<R>(work: () => Promise<R>): Promise<R> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === attempts || !mayRunAgain(error)) throw error;
    }
  }
}

function queryConfig(statement: Statement, nameOf: (sql: string) => string | undefined): pg.QueryConfig {
  const name = nameOf(statement.sql);
  const config = { text: statement.sql, values: [...statement.parameters] };
  return name === undefined ? config : { ...config, name };
}

function statementNames(): (sql: string) => string | undefined {
  const names = new Map<string, string>();
  return (sql) => {
    const known = names.get(sql);
    if (known !== undefined || names.size >= namedLimit) return known;
    const name = `s${names.size}`;
    names.set(sql, name);
    return name;
  };
}

function rethrow(error: unknown): never {
  throw postgresError(error);
}

function administration(client: pg.ClientBase): AdminConnection {
  return {
    exec: async (sql) => {
      await client.query(sql).catch(rethrow);
    },
    query: async (sql, parameters) => (await client.query(sql, [...parameters]).catch(rethrow)).rows,
  };
}
