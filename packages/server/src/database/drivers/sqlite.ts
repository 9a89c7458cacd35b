import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Kysely } from 'kysely';
import type { AdminConnection, Database, OnCommit } from '../database.ts';
import { sqliteDialect } from '../dialects/sqlite.ts';
import { DatabaseUnavailableError } from '../errors.ts';
import type { Query, ReadSession, Statement, WriteSession } from '../session.ts';
import type { Tables } from '../tables.ts';
import { sqliteBuilder, toStatement } from './session.ts';
import { SqliteCheckpoints } from './sqlite-checkpoints.ts';
import { SqliteConnection } from './sqlite-connection.ts';
import { SqliteLog } from './sqlite-log.ts';
import { SqliteReaders } from './sqlite-readers.ts';
import { SqliteWriter } from './sqlite-writer.ts';

/**
 * Opens an SQLite file, made where it is missing, or a database in memory (`path` undefined).
 * @param monotonic milliseconds since any fixed moment.
 * @param onCommit told of each commit.
 * @throws DatabaseUnavailableError where the file cannot be opened for writing.
 */
export function openSqlite(path: string | undefined, monotonic: () => number, onCommit?: OnCommit): Database {
  const builder = sqliteBuilder();
  const writing = openForWriting(path);
  const log = path === undefined ? undefined : new SqliteLog(path);
  const writer = new SqliteWriter(writing, {
    monotonic,
    onCommit,
    sync: log === undefined ? undefined : () => log.sync(),
  });
  const checkpoints = path === undefined ? undefined : new SqliteCheckpoints(path, writing, writer);
  const inTransaction = writeSession(writing, builder);
  const transaction: Database['transaction'] = async (work) => {
    const { result, afterCommit } = await writer.submit(() => transact(inTransaction, work));
    for (const callback of afterCommit) callback();
    checkpoints?.committed();
    return result;
  };

  // A database in memory has one connection; its reads wait their turn between the transactions.
  const reading = path === undefined ? undefined : new SqliteConnection(path, { readOnly: true });
  const readers = path === undefined ? undefined : new SqliteReaders(path);
  const outside =
    reading === undefined ? undefined : readSession(builder, async (statement) => reading.all(statement));
  const long =
    readers === undefined ? undefined : readSession(builder, (statement) => readers.all(statement));

  return {
    dialect: sqliteDialect,
    transaction,
    read: (work) => (outside === undefined ? transaction(work) : work(outside)),
    readLong: (work) => (long === undefined ? transaction(work) : work(long)),
    administer: (work) => writer.alone(() => work(administration(writing))),
    close: async () => {
      await writer.idle();
      await checkpoints?.close();
      await readers?.close();
      reading?.close();
      await log?.close();
      writing.close();
    },
  };
}

/** A session that writes. {@link transact} collects failures of `send` and the callbacks that wait for the commit. */
type SqliteWriteSession = WriteSession & {
  takeFailure(): unknown;
  takeAfterCommit(): readonly (() => void)[];
};

async function transact<Result>(
  session: SqliteWriteSession,
  work: (session: WriteSession) => Promise<Result>,
): Promise<{ result: Result; afterCommit: readonly (() => void)[] }> {
  session.takeFailure();
  session.takeAfterCommit();
  // Report the failed write first; later errors are its consequences.
  const handOn = () => {
    const failure = session.takeFailure();
    if (failure !== undefined) throw failure;
  };
  try {
    const result = await work(session);
    handOn();
    return { result, afterCommit: session.takeAfterCommit() };
  } catch (error) {
    handOn();
    throw error;
  }
}

type All = (statement: Statement) => Promise<Record<string, unknown>[]>;

/** A session that reads: on a connection of this thread, or in the readers' threads. */
function readSession(sql: Kysely<Tables>, all: All): ReadSession {
  return {
    sql,
    dialect: sqliteDialect,
    // The rows' types are the query's own: Kysely derived them from `tables.ts`, whose forms the connection decodes to.
    all: async <Row>(query: Query<Row>) => (await all(query.compile())) as Row[],
    first: async <Row>(query: Query<Row>) => (await all(query.compile()))[0] as Row | undefined,
    ask: async <Row>(statement: Statement) => (await all(statement)) as Row[],
  };
}

function writeSession(connection: SqliteConnection, sql: Kysely<Tables>): SqliteWriteSession {
  let failure: unknown;
  let waiting: (() => void)[] = [];
  return {
    ...readSession(sql, async (statement) => connection.all(statement)),
    run: async (query) => connection.run(query.compile()),
    send: (query) => {
      try {
        connection.run(toStatement(query));
      } catch (error) {
        failure ??= error;
      }
    },
    afterCommit: (callback) => {
      waiting.push(callback);
    },
    // A commit here has failed or not: nothing breaks in between.
    proveCommit: () => {},
    takeAfterCommit: () => {
      const taken = waiting;
      if (taken.length > 0) waiting = [];
      return taken;
    },
    takeFailure: () => {
      const taken = failure;
      failure = undefined;
      return taken;
    },
  };
}

function openForWriting(path: string | undefined): SqliteConnection {
  try {
    if (path !== undefined) mkdirSync(dirname(path), { recursive: true });
    const connection = new SqliteConnection(path ?? ':memory:');
    connection.exec('PRAGMA journal_mode = WAL');
    // The writer syncs each commit itself before it answers: see sqlite-log.ts.
    if (path !== undefined) connection.exec('PRAGMA synchronous = NORMAL');
    return connection;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DatabaseUnavailableError(
      `cannot open the SQLite file ${path ?? ':memory:'} for writing: ${reason}`,
      error,
    );
  }
}

function administration(connection: SqliteConnection): AdminConnection {
  return {
    exec: async (sql) => connection.exec(sql),
    query: async (sql, parameters) => connection.all({ sql, parameters }),
  };
}
