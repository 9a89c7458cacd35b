import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, type TestContext, test } from 'node:test';
import { testPostgres } from '@mintaka/testing/postgres';
import type { Database } from '../../src/database/database.ts';
import { openDatabase } from '../../src/database/open.ts';
import { hearing, numbered } from './heard.ts';

describe('changes on Postgres', () => {
  let url: string | undefined;
  let drop = async () => {};
  let offset = 0;
  const open = async (context: TestContext) => {
    const database = await openDatabase({
      url: url ?? '',
      timeout: 30,
      connectionTimeout: 10,
      lockTimeout: 20,
      poolSize: 4,
      monotonic: () => performance.now() + offset,
      onConnectionLost: () => {},
    });
    context.after(() => database.close());
    return database;
  };
  before(async () => {
    const place = await testPostgres({ migrated: true });
    if (place !== undefined) ({ url, drop } = place);
  });
  after(() => drop());

  const note = (database: Database, id: string) =>
    database.transaction(async (session) => {
      session.changed({ kind: 'flow', id, action: 'changed' });
    });

  test('a transaction that commits after one that began later is reported, although a reader that compares numbers would miss it', async (context) => {
    if (url === undefined) return context.skip('Postgres is not installed');
    const database = await open(context);
    const heard = await hearing(database);
    const [early, late] = [randomUUID(), randomUUID()];
    const begun = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const slow = database.transaction(async (session) => {
      session.send({
        sql: "insert into mintaka_change (kind, id, action) values ('flow', $1::uuid, 'changed')",
        parameters: [early],
      });
      await session.ask({ sql: 'select 1', parameters: [] });
      begun.resolve();
      await goOn.promise;
      session.changed({ kind: 'deployment', id: early, action: 'changed' });
    });
    await begun.promise;
    await note(database, late);
    await heard.until(() => heard.changes.some(({ id }) => id === late));
    const number = async (id: string) => {
      const sql = 'select number::integer from mintaka_change where id = $1::uuid order by number limit 1';
      const rows = await database.read((session) =>
        session.ask<{ number: number }>({ sql, parameters: [id] }),
      );
      return rows[0]?.number ?? Number.NaN;
    };
    const lastNumber = await number(late);
    goOn.resolve();
    await slow;
    await heard.until(() => heard.changes.some(({ kind }) => kind === 'deployment'));
    assert.deepEqual(
      heard.changes.map(({ kind, id }) => [kind, id]),
      [
        ['flow', late],
        ['flow', early],
        ['deployment', early],
      ],
    );
    assert.ok((await number(early)) < lastNumber, 'its number is below one that was heard before');
  });

  test('listeners are told to read again if the connection that listens was lost', async (context) => {
    if (url === undefined) return context.skip('Postgres is not installed');
    const database = await open(context);
    const heard = await hearing(database);
    const before = heard.resyncs();
    const terminate =
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like 'listen %'";
    // It may still be in transit.
    while ((await database.administer((connection) => connection.query(terminate, []))).length === 0);
    await heard.until(() => heard.resyncs() > before);
    const id = randomUUID();
    await note(database, id);
    await heard.until(() => heard.changes.some((change) => change.id === id));
  });

  test('while connections break, each listener hears every change in order, or is told to read again', async (context) => {
    if (url === undefined) return context.skip('Postgres is not installed');
    const [writer, other] = [await open(context), await open(context)];
    const heard = await hearing(other);
    const id = randomUUID();
    await writer.transaction((session) =>
      session.run(session.sql.insertInto('flow').values({ id, name: id, tags: '[]' })),
    );
    const breakSome =
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and random() < 0.3';
    const steps = 300;
    let resyncsAtBreak = 0;
    for (let step = 1; step <= steps; step += 1) {
      if (step % 30 === 0) {
        resyncsAtBreak = heard.resyncs();
        await writer.administer((connection) => connection.query(breakSome, []));
      }
      await writer.transaction(async (session) => {
        session.changed({ kind: 'flow', id, action: 'changed', work_queue_id: numbered(step) });
      });
    }
    const hasHeardLast = () => heard.changes.some((change) => change.work_queue_id === numbered(steps));
    await heard.until(() => hasHeardLast() || heard.resyncs() > resyncsAtBreak);
    const numbers = heard.changes
      .filter((change) => change.id === id && change.work_queue_id !== null)
      .map(({ work_queue_id }) => Number(work_queue_id?.slice(-6)));
    assert.deepEqual(
      numbers,
      numbers.toSorted((a, b) => a - b),
    );
    assert.equal(new Set(numbers).size, numbers.length);
    assert.ok(numbers.length === steps || heard.resyncs() > 1, `${numbers.length} of ${steps} were heard`);
  });

  test('more changes than fit into one read are reported as a whole', async (context) => {
    if (url === undefined) return context.skip('Postgres is not installed');
    const database = await open(context);
    const heard = await hearing(database);
    const before = heard.resyncs();
    await database.transaction(async (session) => {
      for (let count = 0; count < 12_000; count += 1) {
        session.changed({ kind: 'flow', id: null, action: 'changed' });
      }
    });
    await heard.until(() => heard.resyncs() > before);
    const id = randomUUID();
    await note(database, id);
    await heard.until(() => heard.changes.some((change) => change.id === id));
    assert.ok(heard.changes.length < 12_000);
  });

  test('changes are forgotten after a minute', async (context) => {
    if (url === undefined) return context.skip('Postgres is not installed');
    const database = await open(context);
    const count = async () => {
      const sql = 'select count(*)::integer as count from mintaka_change';
      const rows = await database.read((session) => session.ask<{ count: number }>({ sql, parameters: [] }));
      return rows[0]?.count;
    };
    await note(database, randomUUID());
    await database.changes.forgetOld();
    assert.notEqual(await count(), 0);
    // Open transactions of other databases of the cluster delay the cleanup.
    while ((await count()) !== 0) {
      offset += 61_000;
      await database.changes.forgetOld();
    }
    await note(database, randomUUID());
    await database.changes.forgetOld();
    assert.equal(await count(), 1);
  });
});
