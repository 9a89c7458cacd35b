import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, test } from 'node:test';
import { storedJson } from '@mintaka/contract';
import { openTestSqlite } from '@mintaka/testing/open';
import type { Database } from '../../src/database/database.ts';
import { SqliteConnection } from '../../src/database/drivers/sqlite-connection.ts';
import {
  DatabaseUnavailableError,
  TemporaryDatabaseError,
  type TemporaryFault,
} from '../../src/database/errors.ts';

const createFlow =
  'CREATE TABLE flow (id CHAR(36) PRIMARY KEY, created DATETIME, updated DATETIME, name VARCHAR UNIQUE, tags JSON)';

let folder: string;
let file: string;
let database: Database;
/** How much the clock of the driver is ahead, in milliseconds. */
let ahead: number;

beforeEach(async () => {
  ahead = 0;
  folder = await mkdtemp(join(tmpdir(), 'mintaka-outages-'));
  file = join(folder, 'test.db');
  database = open(file);
  await database.administer((connection) => connection.exec(createFlow));
});
afterEach(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

function open(path: string, lockTimeout = 20): Database {
  return openTestSqlite(path, { monotonic: () => performance.now() + ahead, lockTimeout });
}

const insert = (name: string, text = name, into = database): Promise<void> =>
  into.transaction(async (session) =>
    session.send(session.sql.insertInto('flow').values({ id: name, name, tags: storedJson([text]) })),
  );
const namesOf = (database: Database): Promise<string[]> =>
  database.read(async (session) => {
    const rows = await session.all(session.sql.selectFrom('flow').select('name').orderBy('name'));
    return rows.map(({ name }) => name);
  });
const fails = (promise: Promise<unknown>, fault: TemporaryFault) =>
  assert.rejects(promise, (error) => {
    assert.ok(error instanceof TemporaryDatabaseError, String(error));
    assert.equal(error.fault, fault);
    return true;
  });

test('jobs that wait too long for the lock of another process are refused, and the others get their turn', async () => {
  const other = new DatabaseSync(file);
  other.exec('BEGIN IMMEDIATE');
  const first = fails(insert('first'), 'lock timeout');
  ahead += 15_000;
  const last = insert('last');
  ahead += 10_000;
  await first;
  other.exec('COMMIT');
  other.close();
  await last;
  assert.deepEqual(await namesOf(database), ['last']);
});

test('if the disk is full, a transaction and its batch are refused, and later ones are written', async () => {
  await insert('before');
  const pages = async (limit: number) =>
    database.administer(async (connection) => {
      await connection.query(`PRAGMA max_page_count = ${limit}`, []);
    });
  await pages(6);
  await Promise.all([
    fails(insert('small'), 'disk full'),
    fails(insert('large', 'x'.repeat(100_000)), 'disk full'),
  ]);
  assert.deepEqual(await namesOf(database), ['before']);
  await pages(1000);
  await insert('after');
  assert.deepEqual(await namesOf(database), ['after', 'before']);
});

test('nothing is acknowledged after the file was deleted', async () => {
  await insert('before');
  await rm(file);
  await fails(insert('lost'), 'file replaced');
  await fails(database.check(), 'file replaced');
});

test('not one of many writes is acknowledged after the file was deleted', async () => {
  await insert('before');
  await rm(file);
  for (let count = 0; count < 20; count += 1) await fails(insert(`lost ${count}`), 'file replaced');
});

test('a check fails while the disk is full, even if small writes still fit into the WAL', async (t) => {
  const disk = join(folder, 'disk');
  await mkdir(disk);
  const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', disk]);
  if (mount.status !== 0) return t.skip('this user may not mount a disk');
  const small = open(join(disk, 'small.db'));
  try {
    await small.administer((connection) => connection.exec(createFlow));
    await insert('large', 'x'.repeat(1_000_000), small);
    await small.check();
    const { bavail, bsize } = await statfs(disk);
    await writeFile(join(disk, 'rest'), Buffer.alloc(bavail * bsize));
    await fails(small.check(), 'disk full');
    await rm(join(disk, 'rest'));
    await small.check();
    await insert('after', 'after', small);
  } finally {
    await small.close();
    spawnSync('umount', [disk]);
  }
});

test('a file that was moved away is written again after it is back', async () => {
  await insert('before');
  await rename(file, `${file}.moved`);
  await fails(insert('refused'), 'file replaced');
  await rename(`${file}.moved`, file);
  await database.check();
  await insert('after');
  assert.deepEqual(await namesOf(database), ['after', 'before']);
});

test('a replaced file and a missing WAL are detected', async () => {
  await insert('before');
  await rename(file, `${file}.moved`);
  await writeFile(file, '');
  await fails(insert('refused'), 'file replaced');
  await rename(`${file}.moved`, file);
  await insert('between');
  await rm(`${file}-wal`);
  await fails(insert('refused'), 'file replaced');
  await fails(database.check(), 'file replaced');
});

test('a new file, its WAL and its new folders are readable only by the owner; other folders are not changed', async () => {
  const existing = join(folder, 'existing');
  await mkdir(existing, { mode: 0o755 });
  const path = join(existing, 'new', 'folder', 'private.db');
  const fresh = open(path);
  await fresh.administer((connection) => connection.exec(createFlow));
  await insert('a', 'a', fresh);
  const modeOf = async (name: string) => ((await stat(name)).mode & 0o777).toString(8);
  assert.deepEqual(await Promise.all([path, `${path}-wal`, `${path}-shm`].map(modeOf)), [
    '600',
    '600',
    '600',
  ]);
  assert.deepEqual(await Promise.all([dirname(path), dirname(dirname(path)), existing].map(modeOf)), [
    '700',
    '700',
    '755',
  ]);
  await fresh.close();
});

test('a folder that cannot be created ends the start with one line', () => {
  assert.throws(
    () => open('/proc/mintaka/home/mintaka.db'),
    (error) => {
      assert.ok(error instanceof DatabaseUnavailableError);
      assert.match(
        error.message,
        /^cannot open the SQLite file \/proc\/mintaka\/home\/mintaka\.db for writing: [^\n]+$/,
      );
      return true;
    },
  );
});

test('rows deleted by a cascade count as written', () => {
  const connection = new SqliteConnection(':memory:');
  connection.exec(`
    CREATE TABLE parent (id INTEGER PRIMARY KEY);
    CREATE TABLE child (parent INTEGER REFERENCES parent ON DELETE CASCADE);
    INSERT INTO parent VALUES (1);
    WITH RECURSIVE n(x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM n LIMIT 1000) INSERT INTO child SELECT 1 FROM n;`);
  const before = connection.written;
  assert.equal(connection.run({ sql: 'DELETE FROM parent', parameters: [] }), 1);
  assert.equal(connection.written - before, 1001);
  connection.close();
});
