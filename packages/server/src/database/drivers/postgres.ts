import { AsyncLocalStorage } from 'node:async_hooks';
import type pg from 'pg';
import type { AdminConnection, Database, OnCommit } from '../database.ts';
import { postgresDialect } from '../dialects/postgres/index.ts';
import { DatabaseUnavailableError, TemporaryDatabaseError } from '../errors.ts';
import type { Statement } from '../statements.ts';
import { PostgresChanges } from './postgres-changes.ts';
import { type CommitOutcome, PostgresCommits } from './postgres-commits.ts';
import { type Backend, type Connection, PostgresConnections, type Result } from './postgres-connections.ts';
import { isConflict, isConnectionLost } from './postgres-errors.ts';
import {
  readSession,
  type TransactionOptions,
  transact,
  UnknownCommitError,
} from './postgres-transaction.ts';
import { postgresTypes } from './postgres-types.ts';
import { postgresBuilder } from './session.ts';

/** The maximum number of retries after deadlocks. */
const mostConflicts = 5;
/**
 * The maximum number of retries after a new connection broke. Connections that were open before are not counted: if the
 * server restarts, all idle connections die at once.
 */
const mostLosses = 2;
/** How long one request is retried, in milliseconds: the client hangs up after 30 seconds. */
const patience = { retry: 15_000, commit: 20_000 };
/**
 * How long the outcome of a commit is checked after the caller was told of the doubt, in milliseconds: clients give up
 * before.
 */
const doubtPatience = 600_000;
/** How much longer than the statement timeout a connection may be silent, in milliseconds. */
const silenceMargin = 1000;
/** The idle time after which the operating system checks the other end, in milliseconds. */
const keepAliveDelay = 10_000;
/**
 * The minimum timeout for transactions without a statement, in seconds: a transaction whose client has gone holds its locks.
 */
const shortestIdleTransaction = 20;

/** The address and the options of a Postgres database. Durations in seconds. */
export type PostgresOptions = {
  host: string;
  port: number;
  database: string;
  user: string | undefined;
  password: string | undefined;
  ssl: boolean | { rejectUnauthorized: boolean };
  connectionTimeout: number;
  statementTimeout: number;
  lockTimeout: number;
  poolSize: number;
  /** Called if an idle connection breaks; the pool replaces it. */
  onConnectionLost: (error: Error) => void;
  /** Milliseconds since any fixed point. */
  monotonic: () => number;
  /** Receives each commit. */
  onCommit: OnCommit | undefined;
  /** From the start of a transaction, in milliseconds: how long it may be retried, and how long its commit is checked. */
  patience?: { retry: number; commit: number };
};

/**
 * Opens a pool of connections to a Postgres database.
 * @throws DatabaseUnavailableError if the server cannot be reached or refuses us.
 */
export async function openPostgres(options: PostgresOptions): Promise<Database> {
  const { monotonic, onCommit } = options;
  const watch = {
    silenceLimit: options.statementTimeout > 0 ? options.statementTimeout * 1000 + silenceMargin : 0,
    connectionTimeout: options.connectionTimeout * 1000,
    monotonic,
  };
  const connections = new PostgresConnections(poolConfig(options), watch, options.onConnectionLost);
  await checkConnection(connections, options);

  const sql = postgresBuilder();
  const limits = options.patience ?? patience;
  const commits = new PostgresCommits(connections, { sql, monotonic });
  const doubts = new AsyncLocalStorage<() => void>();
  const changes = new PostgresChanges({ connections, client: clientConfig(options), monotonic });
  const onChanges = () => changes.committed();
  const transactions = transactionsOn(
    { connections, commits, doubts },
    { sql, monotonic, onCommit, onChanges },
    limits,
  );
  const reading = readSession(sql, (statement) => readOn(connections, statement, monotonic, limits.retry));
  return {
    dialect: postgresDialect,
    read: (work) => work(reading),
    readLong: (work) => work(reading),
    transaction: transactions,
    tellDoubt: (work, onDoubt) => doubts.run(onDoubt, work),
    changes: changes.feed,
    administer: (work) => connections.lend((connection) => work(administration(connection)), true),
    check: async () => void (await readOn(connections, probe, monotonic, limits.retry)),
    close: async () => {
      commits.close();
      await changes.close();
      await connections.close();
    },
  };
}

const probe: Statement = { sql: 'SELECT 1', parameters: [] };

/** Runs one statement on any free connection; retries it if that connection turns out to be broken. */
async function readOn(
  connections: PostgresConnections,
  statement: Statement,
  monotonic: () => number,
  retryPatience: number,
): Promise<Result> {
  const started = monotonic();
  let madeAt = started;
  let losses = 0;
  while (true) {
    try {
      return await connections.lend((connection) => {
        madeAt = connection.madeAt;
        return connection.send(statement);
      });
    } catch (error) {
      const tooLate = losses === mostLosses || monotonic() - started > retryPatience;
      if (tooLate || !isConnectionLost(error)) throw error;
      if (madeAt >= started) losses += 1;
    }
  }
}

/** The shared dependencies of transactions. */
type Ground = {
  connections: PostgresConnections;
  commits: PostgresCommits;
  /** Holds the caller's callback for a transaction whose commit is in doubt. */
  doubts: AsyncLocalStorage<() => void>;
};

/** Transactions that are retried if their connection breaks, and whose commits are checked. */
function transactionsOn(
  { connections, commits, doubts }: Ground,
  options: TransactionOptions,
  limits: { retry: number; commit: number },
): Database['transaction'] {
  const { monotonic } = options;

  async function outcomeOf(
    { proofs }: UnknownCommitError,
    backend: Backend,
    deadline: number,
  ): Promise<CommitOutcome> {
    const outcome = await commits.resolve(backend, proofs, deadline);
    const onDoubt = doubts.getStore();
    if (outcome !== 'unknown' || onDoubt === undefined || proofs.length === 0) return outcome;
    onDoubt();
    return commits.resolve(backend, proofs, deadline + doubtPatience);
  }

  return async (work) => {
    const started = monotonic();
    let backend: Backend | undefined;
    let madeAt = started;
    let conflicts = 0;
    let losses = 0;
    while (true) {
      try {
        return await connections.lend((connection) => {
          backend = connection.backend;
          madeAt = connection.madeAt;
          return transact(connection, work, options);
        });
      } catch (error) {
        const tooLate = losses === mostLosses || monotonic() - started > limits.retry;
        if (error instanceof UnknownCommitError && backend !== undefined) {
          const outcome = await outcomeOf(error, backend, started + limits.commit);
          if (outcome === 'committed') return error.finish();
          if (outcome === 'unknown' || tooLate) throw new TemporaryDatabaseError('connection lost', error);
          if (madeAt >= started) losses += 1;
        } else if (isConnectionLost(error) && !tooLate && backend !== undefined) {
          if (madeAt >= started) losses += 1;
          await commits.end(backend);
        } else if (isConflict(error) && conflicts < mostConflicts - 1) {
          conflicts += 1;
        } else throw error;
      }
    }
  };
}

function poolConfig(options: PostgresOptions): pg.PoolConfig {
  return { ...clientConfig(options), max: options.poolSize, pipeline: true };
}

function clientConfig(options: PostgresOptions): pg.ClientConfig {
  const idleTransaction = Math.max(shortestIdleTransaction, 2 * options.statementTimeout);
  return {
    host: options.host,
    port: options.port,
    database: options.database,
    ...(options.user === undefined ? {} : { user: options.user }),
    ...(options.password === undefined ? {} : { password: options.password }),
    ssl: options.ssl,
    connectionTimeoutMillis: options.connectionTimeout * 1000,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveDelay,
    statement_timeout: options.statementTimeout * 1000,
    lock_timeout: options.lockTimeout * 1000,
    idle_in_transaction_session_timeout: idleTransaction * 1000,
    options: [
      '-c timezone=UTC -c datestyle=ISO -c intervalstyle=iso_8601 -c jit=off',
      '-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3',
    ].join(' '),
    application_name: 'mintaka',
    types: postgresTypes,
  };
}

async function checkConnection(connections: PostgresConnections, options: PostgresOptions): Promise<void> {
  try {
    await connections.lend((connection) => connection.exec('SELECT 1'));
  } catch (error) {
    const { cause } = error instanceof TemporaryDatabaseError ? error : { cause: error };
    const reason = cause instanceof Error ? cause.message : String(error);
    const where = `${options.database} at ${options.host}:${options.port}`;
    await connections.close();
    throw new DatabaseUnavailableError(`cannot open the Postgres database ${where}: ${reason}`, error);
  }
}

function administration(connection: Connection): AdminConnection {
  return {
    exec: async (sql) => void (await connection.exec(sql)),
    query: (sql, parameters) => connection.exec(sql, parameters),
  };
}
