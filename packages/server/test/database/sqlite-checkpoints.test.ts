import assert from 'node:assert/strict';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, test } from 'node:test';
import { storedJson } from '@mintaka/contract';
import { openTestSqlite } from '@mintaka/testing/open';
import type { Database } from '../../src/database/database.ts';

const mebibyte = 2 ** 20;
let folder: string;
let file: string;
let database: Database;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mintaka-checkpoints-'));
  file = join(folder, 'test.db');
  database = openTestSqlite(file);
  const text = 'CREATE TABLE flow (id CHAR(36) PRIMARY KEY, created DATETIME, name VARCHAR, tags JSON)';
  await database.administer((connection) => connection.exec(text));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** Commits rows of 100,000 characters, ten at a time. */
async function write(rows: number): Promise<void> {
  const tags = storedJson(['x'.repeat(100_000)]);
  for (let written = 0; written < rows; written += 10) {
    const insert = (_: unknown, index: number) =>
      database.transaction(async (session) => {
        session.send(session.sql.insertInto('flow').values({ id: `${written + index}`, name: 'a', tags }));
      });
    await Promise.all(Array.from({ length: 10 }, insert));
  }
}

test('the WAL stays short while commits follow each other without a pause', async () => {
  await write(2000);
  const log = await stat(`${file}-wal`);
  assert.ok(log.size < 100 * mebibyte, `of 190 MiB the log holds ${Math.round(log.size / mebibyte)}`);
  await database.close();
});

test('everything is in the database file after it is closed, and the WAL is removed', async () => {
  await write(200);
  await database.close();
  await assert.rejects(stat(`${file}-wal`));
  const reader = new DatabaseSync(file, { readOnly: true });
  const { count } = reader.prepare('SELECT count(*) AS count FROM flow').get() ?? {};
  reader.close();
  assert.equal(count, 200);
});

test('a reader with an old snapshot delays neither commits nor the close', async () => {
  const reader = new DatabaseSync(file);
  reader.exec('BEGIN; SELECT count(*) FROM flow');
  await write(600);
  await database.close();
  reader.exec('COMMIT');
  const { count } = reader.prepare('SELECT count(*) AS count FROM flow').get() ?? {};
  reader.close();
  assert.equal(count, 600);
});
