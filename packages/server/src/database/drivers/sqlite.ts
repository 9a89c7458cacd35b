import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Kysely } from 'kysely';
import type { Query, Statement } from '../conversation.ts';
import type { AdminConnection, Database, OnCommit, Session } from '../database.ts';
import { sqliteDialect } from '../dialects/sqlite.ts';
import { DatabaseUnavailableError } from '../errors.ts';
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
  const inTransaction = sqliteSession(writing, builder);
  const transaction: Database['transaction'] = async (work) => {
    const { result, afterCommit } = await writer.submit(() => transact(inTransaction, work));
    for (const tell of afterCommit) tell();
    checkpoints?.committed();
    return result;
  };

  // A database in memory has one connection; its reads wait their turn between the transactions.
  const reading = path === undefined ? undefined : new SqliteConnection(path);
  const outside = reading === undefined ? undefined : sqliteSession(reading, builder);
  const readers = path === undefined ? undefined : new SqliteReaders(path);

  return {
    dialect: sqliteDialect,
    transaction,
    read: (work) => (outside === undefined ? transaction(work) : work(outside)),
    readLong: (work) => (readers === undefined ? transaction(work) : work(longSession(builder, readers))),
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

/** A session of one connection. Failures of `send`, and what waits for the commit, come out of {@link transact}. */
type SqliteSession = Session & { takeFailure(): unknown; takeAfterCommit(): readonly (() => void)[] };

async function transact<Result>(
  session: SqliteSession,
  work: (session: Session) => Promise<Result>,
): Promise<{ result: Result; afterCommit: readonly (() => void)[] }> {
  session.takeFailure();
  session.takeAfterCommit();
  // A write that failed comes before whatever its absence led to.
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

function sqliteSession(connection: SqliteConnection, sql: Kysely<Tables>): SqliteSession {
  let failure: unknown;
  let waiting: (() => void)[] = [];
  return {
    sql,
    dialect: sqliteDialect,
    // The rows' types are the query's own: Kysely derived them from `tables.ts`, whose forms the connection decodes to.
    all: async <Row>(query: Query<Row>) => connection.all(query.compile()) as Row[],
    first: async <Row>(query: Query<Row>) => connection.all(query.compile())[0] as Row | undefined,
    run: async (query) => connection.run(query.compile()),
    ask: async <Row>(statement: Statement) => connection.all(statement) as Row[],
    send: (query) => {
      try {
        connection.run(toStatement(query));
      } catch (error) {
        failure ??= error;
      }
    },
    afterCommit: (tell) => {
      waiting.push(tell);
    },
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

/** A session that asks in the readers' threads. It reads only. */
function longSession(sql: Kysely<Tables>, reader: SqliteReaders): Session {
  return {
    sql,
    dialect: sqliteDialect,
    all: async <Row>(query: Query<Row>) => (await reader.all(query.compile())) as Row[],
    first: async <Row>(query: Query<Row>) => (await reader.all(query.compile()))[0] as Row | undefined,
    run: () => Promise.reject(new Error('a reading session cannot write')),
    ask: async <Row>(statement: Statement) => (await reader.all(statement)) as Row[],
    send: () => {
      throw new Error('a reading session cannot write');
    },
    afterCommit: () => {
      throw new Error('a reading session commits nothing');
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
