import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type TestApp, testApp } from '@mintaka/testing/app';
import { dialectApp, dialects } from '@mintaka/testing/dialect-apps';
import { testPostgres } from '@mintaka/testing/postgres';
import pg from 'pg';
import { fillWorld } from '../../domain/deletion/random-world.ts';
import { countRows } from '../../domain/deletion/rows.ts';

for (const dialect of dialects) {
  test(`${dialect}: clearing deletes every row of every table, and the server keeps running`, async (t) => {
    const app = await dialectApp(dialect);
    if (app === undefined) return t.skip('Postgres is not installed');
    t.after(app.close);
    let number = 0;
    const dice = (below: number) => {
      number += 1;
      return number % below;
    };
    await fillWorld(app.context, dice, 40);
    await fillWorld(app.context, dice, 40);
    const clear = await app.send('POST', '/api/admin/database/clear', { confirm: true });
    assert.equal(clear.status, 204);
    assert.deepEqual(await countRows(app.context.database), {});
    assert.equal((await app.send('POST', '/api/flows/', { name: 'after' })).status, 201);
    assert.equal((await app.send('POST', '/api/work_queues/', { name: 'after' })).status, 201);
  });
}

const change = (server: TestApp, what: 'clear' | 'drop') =>
  server.app.inject({
    method: 'POST',
    url: `/api/admin/database/${what}`,
    headers: { 'content-type': 'application/json' },
    payload: '{"confirm":true}',
  });

/** A server on Postgres and another client of its database. */
async function beside(work: (server: TestApp, other: pg.Client) => Promise<void>): Promise<boolean> {
  const place = await testPostgres({ migrated: true });
  if (place === undefined) return false;
  const server = await testApp({ MINTAKA_DATABASE_CONNECTION_URL: place.url });
  const other = new pg.Client({ connectionString: place.url });
  await other.connect();
  try {
    await makeFlow(server, 'first');
    await work(server, other);
  } finally {
    await other.end();
    await server.close();
    await place.drop();
  }
  return true;
}

async function makeFlow({ app }: TestApp, name: string): Promise<number> {
  const headers = { 'content-type': 'application/json' };
  return (
    await app.inject({ method: 'POST', url: '/api/flows/', headers, payload: JSON.stringify({ name }) })
  ).statusCode;
}

test('postgres: clearing does not wait for a transaction that has read the tables', async (t) => {
  const ran = await beside(async (server, other) => {
    await other.query('BEGIN; SELECT * FROM flow; SELECT * FROM flow_run');
    assert.equal((await change(server, 'clear')).statusCode, 204);
    assert.equal(await makeFlow(server, 'second'), 201);
    await other.query('ROLLBACK');
  });
  if (!ran) t.skip('Postgres is not installed');
});

test('postgres: clearing is abandoned if a table stays locked, and deletes nothing later', async (t) => {
  const ran = await beside(async (server, other) => {
    await other.query('BEGIN; LOCK TABLE flow IN EXCLUSIVE MODE');
    const [refused, health] = await Promise.all([
      change(server, 'clear'),
      server.app.inject({ method: 'POST', url: '/api/flow_runs/filter' }),
    ]);
    assert.equal(refused.statusCode, 503);
    assert.match(String(refused.headers['retry-after']), /^\d+$/);
    assert.match(refused.json().detail, /locked/);
    assert.equal(health.statusCode, 200, 'requests are answered meanwhile');
    await other.query('ROLLBACK');
    assert.equal((await countRows(server.context.database)).flow, 1);
    const { rows } = await other.query('SELECT * FROM mintaka_deletion');
    assert.deepEqual(rows, []);
  });
  if (!ran) t.skip('Postgres is not installed');
});

test('postgres: dropping is abandoned if a transaction reads, and blocks no others', async (t) => {
  const ran = await beside(async (server, other) => {
    await other.query('BEGIN; SELECT * FROM flow');
    const start = performance.now();
    let isOver = false;
    const dropping = change(server, 'drop').finally(() => {
      isOver = true;
    });
    let longest = 0;
    while (!isOver) {
      const asked = performance.now();
      const read = await server.app.inject({ method: 'POST', url: '/api/flows/filter' });
      assert.equal(read.statusCode, 200);
      longest = Math.max(longest, performance.now() - asked);
    }
    assert.ok(longest < (performance.now() - start) / 2, `a read waited ${longest} ms for the drop`);
    const answer = await dropping;
    assert.equal(answer.statusCode, 503);
    assert.match(String(answer.headers['retry-after']), /^\d+$/);
    assert.equal(await makeFlow(server, 'second'), 201);
    await other.query('ROLLBACK');
    assert.equal((await change(server, 'drop')).statusCode, 204);
    const { rows } = await other.query(
      "SELECT relname FROM pg_class WHERE relname LIKE 'mintaka_%' AND relkind = 'r'",
    );
    assert.deepEqual(rows, [], 'our own tables are dropped too');
  });
  if (!ran) t.skip('Postgres is not installed');
});
