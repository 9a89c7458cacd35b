import type { Kysely } from 'kysely';
import {
  type Change,
  type ChangeFeed,
  type ChangeHub,
  createChangeHub,
  type NewChange,
  wholeChange,
} from '../changes.ts';
import type { AdminConnection, Database, OnCommit } from '../database.ts';
import { sqliteDialect } from '../dialects/sqlite/index.ts';
import { DatabaseUnavailableError, TemporaryDatabaseError } from '../errors.ts';
import { changeOfQuery } from '../query-changes.ts';
import type { ReadSession, WriteSession } from '../session.ts';
import type { Query, Statement } from '../statements.ts';
import type { Tables } from '../tables.ts';
import { sqliteBuilder } from './session.ts';
import { SqliteCheckpoints } from './sqlite-checkpoints.ts';
import { SqliteConnection } from './sqlite-connection.ts';
import { makePrivateFile, SqliteFile } from './sqlite-file.ts';
import { SqliteReaders } from './sqlite-readers.ts';
import { SqliteWriter } from './sqlite-writer.ts';

/** How to use an SQLite database. Durations in seconds, 0 for no limit. */
export type SqliteOptions = {
  /** The timeout of a query in a thread. */
  statementTimeout: number;
  /** How long a transaction waits for its turn, and so for the lock of another process. */
  lockTimeout: number;
  /** Milliseconds since any fixed point. */
  monotonic: () => number;
  /** Receives each commit. */
  onCommit?: OnCommit | undefined;
};

/**
 * Opens an SQLite file, creating it if it is missing, or a database in memory (`path` undefined).
 * @throws DatabaseUnavailableError if the file cannot be opened for writing.
 */
export function openSqlite(path: string | undefined, options: SqliteOptions): Database {
  return path === undefined ? openInMemory(options) : openFile(path, options);
}

/** A database in memory has one connection; reads take turns with transactions. */
function openInMemory(options: SqliteOptions): Database {
  const connection = new SqliteConnection(':memory:');
  const writer = new SqliteWriter(connection, writerOptions(options));
  const changes = createChangeHub(() => {});
  const transaction = transactionsOn(connection, writer, changes);
  return {
    dialect: sqliteDialect,
    transaction,
    read: transaction,
    readLong: transaction,
    tellDoubt: (work) => work(),
    changes: feedOf(changes),
    administer: (work) => writer.alone(() => work(administration(connection))),
    check: async () => {},
    close: async () => {
      await writer.idle();
      connection.close();
    },
  };
}

function openFile(path: string, options: SqliteOptions): Database {
  const { monotonic } = options;
  const writing = openForWriting(path);
  const file = new SqliteFile(path);
  const onCommit: OnCommit = (seconds, transactions) => {
    options.onCommit?.(seconds, transactions);
    checkpoints.committed();
  };
  const writer = new SqliteWriter(writing, { ...writerOptions(options), file, onCommit });
  const checkpoints = new SqliteCheckpoints({ path, writer, logSize: () => file.logSize, monotonic });
  const changes = createChangeHub(() => foreign.start());
  const foreign = watchForeignWrites(writing, () => changes.resync());
  const transaction = transactionsOn(writing, writer, changes);
  const builder = sqliteBuilder();
  const reading = new SqliteConnection(path, { readOnly: true });
  const short = readSession(builder, async (statement) => reading.all(statement));
  const readers = new SqliteReaders(path, { patience: options.statementTimeout * 1000, monotonic });
  const long = readSession(builder, (statement) => readers.all(statement));
  return {
    dialect: sqliteDialect,
    transaction,
    read: (work) => work(short),
    readLong: (work) => work(long),
    tellDoubt: (work) => work(),
    changes: feedOf(changes),
    administer: async (work) => {
      const result = await writer.alone(() => work(administration(writing)));
      checkpoints.committed();
      return result;
    },
    check: async () => {
      file.checkPlace();
      await file.checkSpace();
      reading.all(probe);
      await readers.check();
    },
    close: async () => {
      foreign.stop();
      await writer.idle();
      await checkpoints.close();
      await readers.close();
      reading.close();
      await file.close();
      writing.close();
    },
  };
}

/** Reads a page of the file. */
const probe: Statement = { sql: 'SELECT count(*) FROM sqlite_schema', parameters: [] };

function writerOptions({ lockTimeout, monotonic, onCommit }: SqliteOptions) {
  return { patience: lockTimeout === 0 ? Infinity : lockTimeout * 1000, monotonic, onCommit };
}

function transactionsOn(
  connection: SqliteConnection,
  writer: SqliteWriter,
  hub: ChangeHub,
): Database['transaction'] {
  const session = writeSession(connection, sqliteBuilder());
  return async (work) => {
    const { result, changes, afterCommit } = await writer.submit(() => transact(session, work));
    if (changes.length > 0) hub.publish(changes);
    for (const callback of afterCommit) callback();
    return result;
  };
}

/** A session that writes. {@link transact} collects failures of `send` and the callbacks that wait for the commit. */
type SqliteWriteSession = WriteSession & {
  takeFailure(): unknown;
  takeChanges(): readonly Change[];
  takeAfterCommit(): readonly (() => void)[];
};

async function transact<Result>(
  session: SqliteWriteSession,
  work: (session: WriteSession) => Promise<Result>,
): Promise<{ result: Result; changes: readonly Change[]; afterCommit: readonly (() => void)[] }> {
  session.takeFailure();
  session.takeChanges();
  session.takeAfterCommit();
  // Report the failed write first; later errors are its consequences.
  const handOn = () => {
    const failure = session.takeFailure();
    if (failure !== undefined) throw failure;
  };
  try {
    const result = await work(session);
    handOn();
    return { result, changes: session.takeChanges(), afterCommit: session.takeAfterCommit() };
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
    // The types of the rows are the query's own: Kysely derives them from `tables.ts`, and the connection decodes to these.
    all: async <Row>(query: Query<Row>) => (await all(query.compile())) as Row[],
    first: async <Row>(query: Query<Row>) => (await all(query.compile()))[0] as Row | undefined,
    ask: async <Row>(statement: Statement) => (await all(statement)) as Row[],
  };
}

const savepoint: Statement = { sql: 'SAVEPOINT attempt', parameters: [] };
const release: Statement = { sql: 'RELEASE attempt', parameters: [] };

function writeSession(connection: SqliteConnection, sql: Kysely<Tables>): SqliteWriteSession {
  let failure: unknown;
  let changes: Change[] = [];
  let waiting: (() => void)[] = [];
  const changed = (change: NewChange | undefined) => {
    if (change !== undefined) changes.push(wholeChange(change));
  };
  return {
    ...readSession(sql, async (statement) => connection.all(statement)),
    run: async (query) => {
      const compiled = query.compile();
      const rows = connection.run(compiled);
      if (rows > 0) changed(changeOfQuery(compiled.query));
      return rows;
    },
    send: (query) => {
      try {
        if (!('compile' in query)) {
          connection.run(query);
          return;
        }
        const compiled = query.compile();
        if (connection.run(compiled) > 0) changed(changeOfQuery(compiled.query));
      } catch (error) {
        failure ??= error;
      }
    },
    changed,
    attempt: async (work) => {
      const [changesBefore, callbacksBefore] = [changes.length, waiting.length];
      connection.run(savepoint);
      try {
        const result = await work();
        if (failure !== undefined) throw failure;
        connection.run(release);
        return result;
      } catch (error) {
        const cause = failure ?? error;
        failure = undefined;
        // SQLite undoes the whole transaction by itself after some failures, such as a full disk.
        if (connection.inTransaction) connection.exec('ROLLBACK TO attempt; RELEASE attempt');
        changes.length = changesBefore;
        waiting.length = callbacksBefore;
        throw cause;
      }
    },
    takeChanges: () => {
      const taken = changes;
      if (taken.length > 0) changes = [];
      return taken;
    },
    afterCommit: (callback) => {
      waiting.push(callback);
    },
    // A commit here has failed or not: nothing breaks in between.
    proveCommit: () => {},
    mayRunAgain: () => {},
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

/** How often to look whether another process has written to the file, in milliseconds. */
const foreignMilliseconds = 500;

/** Calls `onWrite` after other processes have written, as long as it is started. */
function watchForeignWrites(connection: SqliteConnection, onWrite: () => void) {
  let timer: NodeJS.Timeout | undefined;
  return {
    start: () => {
      if (timer !== undefined) return;
      let last = connection.dataVersion;
      const look = () => {
        const now = connection.dataVersion;
        if (now !== last) onWrite();
        last = now;
      };
      timer = setInterval(look, foreignMilliseconds).unref();
    },
    stop: () => clearInterval(timer),
  };
}

function feedOf(hub: ChangeHub): ChangeFeed {
  return { listen: hub.listen, forgetOld: async () => {} };
}

function openForWriting(path: string): SqliteConnection {
  try {
    makePrivateFile(path);
    const connection = new SqliteConnection(path);
    connection.exec('PRAGMA journal_mode = WAL');
    // The writer syncs each commit itself before it answers: see sqlite-file.ts.
    connection.exec('PRAGMA synchronous = NORMAL');
    connection.exec(SqliteCheckpoints.setUp);
    return connection;
  } catch (error) {
    const cause = error instanceof TemporaryDatabaseError ? error.cause : error;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DatabaseUnavailableError(`cannot open the SQLite file ${path} for writing: ${reason}`, error);
  }
}

function administration(connection: SqliteConnection): AdminConnection {
  return {
    exec: async (sql) => connection.exec(sql),
    query: async (sql, parameters) => connection.all({ sql, parameters }),
  };
}
