import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, test } from 'node:test';
import { SqliteReaders } from '../../src/database/drivers/sqlite-readers.ts';
import { TemporaryDatabaseError, type TemporaryFault } from '../../src/database/errors.ts';
import type { Statement } from '../../src/database/statements.ts';

let folder: string;
let file: string;
let readers: SqliteReaders;

const makeFile = () => {
  const database = new DatabaseSync(file);
  database.exec("PRAGMA journal_mode = WAL; CREATE TABLE flow (name VARCHAR); INSERT INTO flow VALUES ('a')");
  database.close();
};
const reading = (patience = 30_000) =>
  new SqliteReaders(file, { patience, monotonic: () => performance.now(), heapMebibytes: 32 });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mintaka-readers-'));
  file = join(folder, 'test.db');
  readers = reading();
});
afterEach(async () => {
  await readers.close();
  await rm(folder, { recursive: true });
});

const ask = (sql: string): Statement => ({ sql, parameters: [] });
const names = ask('SELECT name FROM flow');
const counting = (most: number) =>
  ask(
    `WITH RECURSIVE n(x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM n LIMIT ${most}) SELECT count(*) FROM n`,
  );
/** Some seconds of work, which nothing can interrupt. */
const slow = counting(8_000_000);
/** More rows than the thread has memory for. */
const large = ask(
  `WITH RECURSIVE n(x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM n LIMIT 4000000)
  SELECT ${Array(40).fill('x').join(', ')} FROM n`,
);
const fails = (promise: Promise<unknown>, fault: TemporaryFault) =>
  assert.rejects(promise, (error) => error instanceof TemporaryDatabaseError && error.fault === fault);

test('a thread that fails to start is replaced', async () => {
  await fails(readers.all(names), 'reader failed');
  await fails(readers.check(), 'reader failed');
  makeFile();
  assert.deepEqual(await readers.all(names), [{ name: 'a' }]);
  await readers.check();
});

test('a query that needs too much memory ends its thread; those behind it are retried on another', async () => {
  makeFile();
  const both = [large, large].map((question) => fails(readers.all(question), 'out of memory'));
  const behind = [names, names, names].map((question) => readers.all(question));
  await Promise.all(both);
  assert.deepEqual(await Promise.all(behind), Array(3).fill([{ name: 'a' }]));
  assert.deepEqual(await readers.all(names), [{ name: 'a' }]);
});

test('a query that takes too long is cancelled; those behind it are retried on another thread', async () => {
  makeFile();
  await readers.close();
  readers = reading(1000);
  const both = [slow, slow].map((question) => fails(readers.all(question), 'statement timeout'));
  const behind = readers.all(names);
  await Promise.all(both);
  assert.deepEqual(await behind, [{ name: 'a' }]);
  await readers.check();
});

test('an error in a query, and a row that cannot be decoded, fail only that query', async () => {
  makeFile();
  await assert.rejects(readers.all(ask('SELECT 1 FROM nowhere')), /no such table/);
  const database = new DatabaseSync(file);
  database.exec(`CREATE TABLE bad (total_run_time DATETIME); INSERT INTO bad VALUES ('${'x'.repeat(26)}')`);
  database.close();
  await assert.rejects(readers.all(ask('SELECT total_run_time FROM bad')), RangeError);
  assert.deepEqual(await readers.all(names), [{ name: 'a' }]);
});

test('closed readers refuse queries', async () => {
  makeFile();
  await readers.close();
  await fails(readers.all(names), 'closing');
});
