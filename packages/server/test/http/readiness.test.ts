import assert from 'node:assert/strict';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, test } from 'node:test';
import { type TestApp, testApp } from '@mintaka/testing/app';
import { openHasty, type TestPostgres, testPostgres } from '@mintaka/testing/postgres';
import { startTcpProxy, type TcpProxy } from '@mintaka/testing/tcp-proxy';

/** The answer to a readiness probe: its status, after checking that the body matches. */
async function probe({ app }: TestApp): Promise<number> {
  const answer = await app.inject('/api/ready');
  assert.deepEqual(answer.json(), answer.statusCode === 200);
  return answer.statusCode;
}

/** Repeats the probe until the answer differs from this one; an answer may be a second old. */
async function whileAnswered(server: TestApp, status: number): Promise<number> {
  while (true) {
    const answered = await probe(server);
    if (answered !== status) return answered;
  }
}

describe('readiness on SQLite', () => {
  let folder: string;
  let file: string;
  let server: TestApp;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mintaka-ready-'));
    file = join(folder, 'test.db');
    server = await testApp({ MINTAKA_DATABASE_CONNECTION_URL: `sqlite:///${file}` });
  });
  after(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });

  test('many concurrent probes write to the database once', async () => {
    const statuses = await Promise.all(Array.from({ length: 20 }, () => probe(server)));
    assert.deepEqual(new Set(statuses), new Set([200]));
    const database = new DatabaseSync(file, { readOnly: true });
    assert.deepEqual(
      { ...database.prepare('SELECT count(*) AS rows FROM mintaka_probe').get() },
      { rows: 1 },
    );
    database.close();
  });

  test('while another process holds the lock the server is not ready, and answers without waiting for it', async () => {
    const other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');
    assert.equal(await whileAnswered(server, 200), 503);
    other.exec('COMMIT');
    other.close();
    assert.equal(await whileAnswered(server, 503), 200);
  });

  test('a server whose file was moved away is not ready until it is back', async () => {
    await rename(file, `${file}.moved`);
    assert.equal(await whileAnswered(server, 200), 503);
    assert.equal((await server.app.inject('/api/health')).json(), true);
    await rename(`${file}.moved`, file);
    assert.equal(await whileAnswered(server, 503), 200);
  });
});

const postgres = await testPostgres({ migrated: true });
const skip = postgres === undefined && 'Postgres is not installed';

describe('readiness on Postgres', { skip }, () => {
  let place: TestPostgres;
  let proxy: TcpProxy;
  let server: TestApp;
  before(async () => {
    assert.ok(postgres !== undefined);
    place = postgres;
    proxy = await startTcpProxy(place.url);
    server = await testApp({}, { database: await openHasty(proxy.through(place.url)) });
  });
  after(async () => {
    await server.close();
    await proxy.close();
    await place.drop();
  });

  test('a server whose database is unavailable or silent is not ready until it is back', async () => {
    assert.equal(await probe(server), 200);
    await proxy.refuse();
    assert.equal(await probe(server), 503);
    await proxy.accept();
    assert.equal(await probe(server), 200);
    proxy.decide(() => 'swallow');
    assert.equal(await probe(server), 503);
    proxy.decide(undefined);
    assert.equal(await whileAnswered(server, 503), 200);
  });
});
