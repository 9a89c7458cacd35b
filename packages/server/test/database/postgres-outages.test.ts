import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { storedJson } from '@mintaka/contract';
import { openHasty, type TestPostgres, testPostgres } from '@mintaka/testing/postgres';
import { type Piece, startTcpProxy, type TcpProxy } from '@mintaka/testing/tcp-proxy';
import type { Database, ReadSession, WriteSession } from '../../src/database/database.ts';
import { TemporaryDatabaseError, type TemporaryFault } from '../../src/database/errors.ts';

const server = await testPostgres({ migrated: true });

describe('Postgres behind a failing network', { skip: server === undefined && 'no Postgres here' }, () => {
  let postgres: TestPostgres;
  let proxy: TcpProxy;
  /** The database through the proxy, and directly. */
  let database: Database;
  let direct: Database;
  const opened: Database[] = [];

  const open = async (url: string, poolSize = 3): Promise<Database> => {
    const database = await openHasty(url, poolSize);
    opened.push(database);
    return database;
  };

  beforeEach(async () => {
    const fresh = await testPostgres({ migrated: true });
    assert.ok(fresh !== undefined);
    postgres = fresh;
    proxy = await startTcpProxy(postgres.url);
    database = await open(proxy.through(postgres.url));
    direct = await open(postgres.url);
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((database) => database.close()));
    await proxy.close();
    await postgres.drop();
  });

  const insertFlow = (session: WriteSession, name: string, id: string = randomUUID()) => {
    session.send(session.sql.insertInto('flow').values({ id, name, tags: storedJson([]) }));
    return id;
  };
  const flowsOf = (database: Database): Promise<string[]> =>
    database.read(async (session) => {
      const rows = await session.all(session.sql.selectFrom('flow').select('name').orderBy('name'));
      return rows.map(({ name }) => name);
    });
  const exists = async ({ sql, first }: ReadSession, id: string) =>
    (await first(sql.selectFrom('flow').select('id').where('id', '=', id))) !== undefined;
  const fails = (promise: Promise<unknown>, fault: TemporaryFault) =>
    assert.rejects(promise, (error) => {
      assert.ok(error instanceof TemporaryDatabaseError, String(error));
      assert.equal(error.fault, fault);
      return true;
    });
  /** Fills the pool: this many connections are open and idle afterwards. */
  const useAtOnce = (count: number) =>
    Promise.all(
      Array.from({ length: count }, () =>
        database.transaction((session) => session.ask({ sql: 'SELECT pg_sleep(0.05)', parameters: [] })),
      ),
    );
  /** For a connection that has committed nothing yet: later the statement has a name. */
  const sendsCommit = ({ from, data }: Piece) => from === 'client' && data.includes('COMMIT');
  /** The answer of the server that a commit is done. */
  const isCommitted = ({ from, data }: Piece) => from === 'server' && data.includes('COMMIT\0');

  test('a statement whose connection goes silent is retried on a new one', async () => {
    await useAtOnce(3);
    proxy.silenceAll();
    assert.deepEqual(await flowsOf(database), []);
    // The other, idle connections were replaced with it.
    assert.deepEqual(await Promise.all([1, 2, 3].map(() => flowsOf(database))), [[], [], []]);
  });

  test('a transaction whose connection breaks before its commit is retried', async () => {
    let runs = 0;
    await database.transaction(async (session) => {
      runs += 1;
      insertFlow(session, `run ${runs}`);
      await session.ask({ sql: 'SELECT 1', parameters: [] });
      if (runs > 1) return;
      proxy.cutAll();
      await session.ask({ sql: 'SELECT 1', parameters: [] });
    });
    assert.equal(runs, 2);
    assert.deepEqual(await flowsOf(direct), ['run 2']);
  });

  test('a transaction whose connection goes silent is retried, and its old one holds no locks', async () => {
    const id = await direct.transaction(async (session) => insertFlow(session, 'locked'));
    let runs = 0;
    await database.transaction(async (session) => {
      runs += 1;
      const row = session.sql.selectFrom('flow').selectAll().where('id', '=', id);
      await session.first(session.dialect.bindings.lock(row, 'flow'));
      if (runs === 1) proxy.silenceAll();
      await session.run(
        session.sql
          .updateTable('flow')
          .set({ name: `run ${runs}` })
          .where('id', '=', id),
      );
    });
    assert.deepEqual(await flowsOf(direct), ['run 2']);
  });

  test('a commit that arrived although its answer was lost is a success, and is not repeated', async () => {
    let runs = 0;
    let told = 0;
    proxy.decide((piece) => (isCommitted(piece) ? 'cut' : 'forward'));
    const answer = await database.transaction(async (session) => {
      runs += 1;
      const id = insertFlow(session, `run ${runs}`);
      session.proveCommit({ committed: (later) => exists(later, id) });
      session.afterCommit(() => {
        told += 1;
      });
      return runs;
    });
    assert.deepEqual([answer, runs, told], [1, 1, 1]);
    assert.deepEqual(await flowsOf(direct), ['run 1']);
  });

  test('a commit that never arrived is repeated, once', async () => {
    let runs = 0;
    proxy.decide((piece) => (sendsCommit(piece) && runs === 1 ? 'cut' : 'forward'));
    await database.transaction(async (session) => {
      runs += 1;
      const id = insertFlow(session, `run ${runs}`);
      session.proveCommit({ committed: (later) => exists(later, id) });
    });
    assert.equal(runs, 2);
    assert.deepEqual(await flowsOf(direct), ['run 2']);
  });

  test('a commit without its own proof is looked up by its id, and is not repeated', async () => {
    let runs = 0;
    proxy.decide((piece) => (isCommitted(piece) && runs === 1 ? 'cut' : 'forward'));
    const answer = await database.transaction(async (session) => {
      runs += 1;
      insertFlow(session, `run ${runs}`);
      return runs;
    });
    assert.deepEqual([answer, runs], [1, 1]);
    assert.deepEqual(await flowsOf(direct), ['run 1']);
  });

  test('a commit without its own proof that never arrived is repeated, once', async () => {
    let runs = 0;
    proxy.decide((piece) => (sendsCommit(piece) && runs === 1 ? 'cut' : 'forward'));
    await database.transaction(async (session) => {
      runs += 1;
      insertFlow(session, `run ${runs}`);
    });
    assert.equal(runs, 2);
    assert.deepEqual(await flowsOf(direct), ['run 2']);
  });

  test('a commit of a transaction that may run again is not looked up: the caller gets an outage', async () => {
    proxy.decide((piece) => (isCommitted(piece) ? 'cut' : 'forward'));
    await fails(
      database.transaction(async (session) => {
        session.mayRunAgain();
        insertFlow(session, 'perhaps');
      }),
      'connection lost',
    );
  });

  test('if the database stays unavailable during a commit, a caller with onDoubt is told of the doubt, and gets the result later', async () => {
    let refusing: Promise<void> | undefined;
    proxy.decide((piece) => {
      if (!isCommitted(piece) || refusing !== undefined) return 'forward';
      refusing = proxy.refuse();
      return 'cut';
    });
    const doubted = Promise.withResolvers<void>();
    let runs = 0;
    const write = () =>
      database.transaction(async (session) => {
        runs += 1;
        return insertFlow(session, `run ${runs}`);
      });
    const result = database.tellDoubt(write, doubted.resolve);
    await doubted.promise;
    await refusing;
    await proxy.accept();
    const id = await result;
    assert.equal(await direct.read((session) => exists(session, id)), true);
    assert.deepEqual(await flowsOf(direct), ['run 1']);
  });

  test('if the database stays unavailable during a commit, a caller without onDoubt gets an outage', async () => {
    proxy.decide((piece) => {
      if (!isCommitted(piece)) return 'forward';
      void proxy.refuse();
      return 'cut';
    });
    await fails(
      database.transaction(async (session) => insertFlow(session, 'perhaps')),
      'connection lost',
    );
  });

  test('an unavailable database, a full pool, a lock and a slow statement have different errors', async () => {
    await proxy.refuse();
    await fails(flowsOf(database), 'unreachable');
    await proxy.accept();
    const small = await open(postgres.url, 1);
    const held = Promise.withResolvers<void>();
    const hold = Promise.withResolvers<void>();
    const holding = small.transaction(async (session) => {
      await session.ask({ sql: 'LOCK TABLE flow', parameters: [] });
      held.resolve();
      await hold.promise;
    });
    await held.promise;
    await fails(flowsOf(small), 'no free connection');
    await fails(
      database.transaction(async (session) => insertFlow(session, 'waits')),
      'lock timeout',
    );
    hold.resolve();
    await holding;
    await fails(
      direct.read((session) => session.ask({ sql: 'SELECT pg_sleep(5)', parameters: [] })),
      'statement timeout',
    );
    await direct.close();
    await fails(flowsOf(direct), 'closing');
    opened.splice(opened.indexOf(direct), 1);
  });

  test('connections that the server closes, idle or in use, are replaced', async () => {
    await useAtOnce(3);
    const endAll = () =>
      direct.read((session) =>
        session.ask({
          sql: 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
          parameters: [],
        }),
      );
    await endAll();
    assert.deepEqual(await flowsOf(database), []);
    let runs = 0;
    await database.transaction(async (session) => {
      runs += 1;
      if (runs === 1) await endAll();
      insertFlow(session, `run ${runs}`);
      await session.ask({ sql: 'SELECT 1', parameters: [] });
    });
    assert.deepEqual(await flowsOf(direct), ['run 2']);
  });

  test('a statement finds a working connection however many idle ones are dead', async () => {
    const wide = await open(proxy.through(postgres.url), 8);
    await Promise.all(
      Array.from({ length: 8 }, () =>
        wide.transaction((session) => session.ask({ sql: 'SELECT pg_sleep(0.1)', parameters: [] })),
      ),
    );
    proxy.cutOnUse();
    assert.deepEqual(await flowsOf(wide), []);
    proxy.cutOnUse();
    await wide.transaction(async (session) => void insertFlow(session, 'written'));
    assert.deepEqual(await flowsOf(direct), ['written']);
  });

  test('a response that the driver cannot read fails its statement and its connection, not the process', async () => {
    const asked = database.read((session) => session.ask({ sql: 'SELECT pg_sleep(0.5)', parameters: [] }));
    const failed = assert.rejects(asked, /cannot read the response/);
    while ((await activity(direct, 'pg_sleep')) === 0);
    // A demand for a kind of authentication that does not exist.
    proxy.inject(Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 99]));
    await failed;
    assert.deepEqual(await flowsOf(database), []);
  });

  test('a row that cannot be decoded fails its statement, and the connection stays usable', async () => {
    const asked = database.transaction(async (session) => {
      await session.ask({ sql: 'SET LOCAL intervalstyle = postgres', parameters: [] });
      return session.ask({ sql: "SELECT '1 day'::interval AS total_run_time", parameters: [] });
    });
    await assert.rejects(asked, /not an interval: 1 day/);
    assert.deepEqual(await flowsOf(database), []);
  });

  async function activity(database: Database, text: string): Promise<number> {
    const rows = await database.read((session) =>
      session.ask<{ count: number }>({
        sql: `SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE $1 AND pid <> pg_backend_pid()`,
        parameters: [`%${text}%`],
      }),
    );
    return rows[0]?.count ?? 0;
  }
});

await server?.drop();
