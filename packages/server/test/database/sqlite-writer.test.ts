import assert from 'node:assert/strict';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, test } from 'node:test';
import { storedJson } from '@mintaka/contract';
import { openTestSqlite } from '@mintaka/testing/open';
import type { Database, ReadSession, WriteSession } from '../../src/database/database.ts';
import { SqliteConnection } from '../../src/database/drivers/sqlite-connection.ts';
import { SqliteWriter } from '../../src/database/drivers/sqlite-writer.ts';
import { IntegrityError, TemporaryDatabaseError } from '../../src/database/errors.ts';

const createFlow =
  'CREATE TABLE flow (id CHAR(36) PRIMARY KEY, created DATETIME, updated DATETIME, name VARCHAR UNIQUE, tags JSON)';

let folder: string;
let file: string;
let database: Database;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mintaka-writer-'));
  file = join(folder, 'test.db');
  database = openTestSqlite(file);
  await database.administer((connection) => connection.exec(createFlow));
});

afterEach(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

function insertFlow(session: WriteSession, name: string): void {
  session.send(session.sql.insertInto('flow').values({ id: name, name, tags: storedJson([name]) }));
}

function namesOf(database: Database): Promise<string[]> {
  return database.read(async (session) => {
    const rows = await session.all(session.sql.selectFrom('flow').select('name').orderBy('name'));
    return rows.map((row) => row.name);
  });
}

test('a failed transaction does not affect the others in the same commit', async () => {
  const results = await Promise.allSettled(
    ['a', 'b', 'boom', 'c'].map((name) =>
      database.transaction(async (session) => {
        insertFlow(session, name);
        if (name === 'boom') throw new Error('no');
        return name;
      }),
    ),
  );
  assert.deepEqual(
    results.map((result) => result.status),
    ['fulfilled', 'fulfilled', 'rejected', 'fulfilled'],
  );
  assert.deepEqual(await namesOf(database), ['a', 'b', 'c']);
});

test('a write that was sent without waiting fails its transaction, and only that one', async () => {
  const insert = (name: string) => database.transaction(async (session) => insertFlow(session, name));
  const [first, second, third] = await Promise.allSettled([insert('a'), insert('a'), insert('b')]);
  assert.equal(first?.status, 'fulfilled');
  assert.ok(second?.status === 'rejected' && second.reason instanceof IntegrityError);
  assert.equal(second.reason.constraint, 'unique');
  assert.equal(third?.status, 'fulfilled');
});

test('the writes of a transaction are visible as soon as it is answered', async () => {
  await database.transaction(async (session) => insertFlow(session, 'a'));
  assert.deepEqual(await namesOf(database), ['a']);
  const long = await database.readLong((session) => session.all(session.sql.selectFrom('flow').selectAll()));
  assert.deepEqual(long[0]?.tags.parse(), ['a']);
});

test('a read connection cannot write', async () => {
  const insert = (session: ReadSession) =>
    session.all(session.sql.insertInto('flow').values({ id: 'a', name: 'a', tags: storedJson([]) }));
  await assert.rejects(database.read(insert), /readonly/);
  await assert.rejects(database.readLong(insert), /readonly/);
  assert.deepEqual(await namesOf(database), []);
});

test('a lock of another process is waited for, without blocking the event loop', async () => {
  const other = new DatabaseSync(file);
  other.exec('BEGIN IMMEDIATE');
  const waiting = database.transaction(async (session) => insertFlow(session, 'a'));
  // The writer needs more than one turn of the event loop to find the lock taken; reads are answered in between.
  for (let turn = 0; turn < 20; turn += 1) await new Promise((next) => setImmediate(next));
  assert.deepEqual(await namesOf(database), []);
  other.exec('COMMIT');
  other.close();
  await waiting;
  assert.deepEqual(await namesOf(database), ['a']);
});

test('fifty concurrent transactions are each written once', async () => {
  const seen = new Set<number>();
  await Promise.all(
    Array.from({ length: 50 }, (_, number) =>
      database
        .transaction(async (session) => insertFlow(session, String(number)))
        .then(() => seen.add(number)),
    ),
  );
  assert.equal(seen.size, 50);
  assert.equal((await namesOf(database)).length, 50);
});

test('a database in memory reads committed transactions and nothing of rolled back ones', async () => {
  const memory = openTestSqlite(undefined);
  await memory.administer((connection) => connection.exec(createFlow));
  const undone = memory.transaction(async (session) => {
    insertFlow(session, 'undone');
    throw new Error('no');
  });
  const read = namesOf(memory);
  await assert.rejects(undone);
  assert.deepEqual(await read, []);
  await memory.close();
});

/** A writer whose syncs end when the test says so. */
async function slowWriter() {
  const connection = new SqliteConnection(file);
  const syncs: PromiseWithResolvers<void>[] = [];
  const sync = () => {
    syncs.push(Promise.withResolvers<void>());
    return syncs.at(-1)?.promise ?? Promise.resolve();
  };
  const writer = new SqliteWriter(connection, {
    monotonic: () => performance.now(),
    patience: Infinity,
    file: { sync, checkPlace: () => {} },
  });
  const insert = (id: string) =>
    writer.submit(async () =>
      connection.run({ sql: 'INSERT INTO flow (id, name) VALUES (?, ?)', parameters: [id, id] }),
    );
  const turns = async () => {
    for (let turn = 0; turn < 20; turn += 1) await new Promise((next) => setImmediate(next));
  };
  return { connection, syncs, insert, turns };
}

test('no transaction is answered before the disk has the commit, and those that arrive meanwhile share the next', async () => {
  const { connection, syncs, insert, turns } = await slowWriter();
  const answered: string[] = [];
  const say = (id: string) => insert(id).then(() => answered.push(id));
  const first = say('a');
  await turns();
  assert.deepEqual([answered, syncs.length], [[], 1]);
  const others = [say('b'), say('c')];
  await turns();
  assert.deepEqual([answered, syncs.length], [[], 1], 'no commit begins before the last is on the disk');
  syncs[0]?.resolve();
  await first;
  await turns();
  assert.deepEqual([answered, syncs.length], [['a'], 2]);
  syncs[1]?.resolve();
  await Promise.all(others);
  assert.deepEqual(answered, ['a', 'b', 'c']);
  connection.close();
});

test('after the disk failed to sync a commit, nothing more is acknowledged', async () => {
  const { connection, syncs, insert, turns } = await slowWriter();
  const first = assert.rejects(insert('a'), TemporaryDatabaseError);
  await turns();
  const second = assert.rejects(insert('b'), TemporaryDatabaseError);
  syncs[0]?.reject(new Error('EIO'));
  await Promise.all([first, second]);
  await assert.rejects(insert('c'), TemporaryDatabaseError);
  assert.equal(syncs.length, 1);
  connection.close();
});

test('a database opened through a link keeps its commits', async () => {
  const link = join(folder, 'link.db');
  await symlink(file, link);
  const linked = openTestSqlite(link);
  await linked.transaction(async (session) => insertFlow(session, 'linked'));
  await linked.close();
  assert.deepEqual(await namesOf(database), ['linked']);
});
