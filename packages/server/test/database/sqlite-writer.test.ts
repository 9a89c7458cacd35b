import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, test } from 'node:test';
import { storedJson } from '@mintaka/contract';
import type { Database, Session } from '../../src/database/database.ts';
import { openSqlite } from '../../src/database/drivers/sqlite.ts';
import { IntegrityError } from '../../src/database/errors.ts';

const createFlow =
  'CREATE TABLE flow (id CHAR(36) PRIMARY KEY, created DATETIME, updated DATETIME, name VARCHAR UNIQUE, tags JSON)';

let folder: string;
let file: string;
let database: Database;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mintaka-writer-'));
  file = join(folder, 'test.db');
  database = openSqlite(file, () => performance.now());
  await database.administer((connection) => connection.exec(createFlow));
});

afterEach(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

function insertFlow(session: Session, name: string): void {
  session.send(session.sql.insertInto('flow').values({ id: name, name, tags: storedJson([name]) }));
}

function namesOf(database: Database): Promise<string[]> {
  return database.read(async (session) => {
    const rows = await session.all(session.sql.selectFrom('flow').select('name').orderBy('name'));
    return rows.map((row) => row.name);
  });
}

test('a transaction that fails takes nothing of its neighbours in the same commit with it', async () => {
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

test('a write that was sent without waiting fails its transaction, and only that', async () => {
  const insert = (name: string) => database.transaction(async (session) => insertFlow(session, name));
  const [first, second, third] = await Promise.allSettled([insert('a'), insert('a'), insert('b')]);
  assert.equal(first?.status, 'fulfilled');
  assert.ok(second?.status === 'rejected' && second.reason instanceof IntegrityError);
  assert.equal(second.reason.constraint, 'unique');
  assert.equal(third?.status, 'fulfilled');
});

test('what a transaction wrote is readable as soon as it is answered', async () => {
  await database.transaction(async (session) => insertFlow(session, 'a'));
  assert.deepEqual(await namesOf(database), ['a']);
  const long = await database.readLong((session) => session.all(session.sql.selectFrom('flow').selectAll()));
  assert.deepEqual(long[0]?.tags, ['a']);
});

test('a lock that another process holds is waited for, while the event loop goes on', async () => {
  const other = new DatabaseSync(file);
  other.exec('BEGIN IMMEDIATE');
  const waiting = database.transaction(async (session) => insertFlow(session, 'a'));
  // The writer needs more than one turn of the event loop to find the lock taken; reads are answered meanwhile.
  for (let turn = 0; turn < 20; turn += 1) await new Promise((next) => setImmediate(next));
  assert.deepEqual(await namesOf(database), []);
  other.exec('COMMIT');
  other.close();
  await waiting;
  assert.deepEqual(await namesOf(database), ['a']);
});

test('fifty transactions at once are each written once', async () => {
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

test('a database in memory reads what its transactions wrote and nothing of what they undid', async () => {
  const memory = openSqlite(undefined, () => performance.now());
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
