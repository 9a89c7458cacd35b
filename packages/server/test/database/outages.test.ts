import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openHasty, testPostgres } from '@mintaka/testing/postgres';
import { startTcpProxy } from '@mintaka/testing/tcp-proxy';
import { TemporaryDatabaseError } from '../../src/database/errors.ts';
import { watchOutages } from '../../src/database/outages.ts';
import type { ReadSession } from '../../src/database/session.ts';

test('an outage is reported at intervals with a count, and clients wait as long as it has lasted', async (t) => {
  const postgres = await testPostgres({ migrated: true });
  if (postgres === undefined) return t.skip('Postgres is not installed');
  const proxy = await startTcpProxy(postgres.url);
  const reports: unknown[] = [];
  let now = 0;
  const database = watchOutages(await openHasty(proxy.through(postgres.url)), {
    monotonic: () => now,
    report: {
      failing: (outage, reason) => {
        assert.match(reason, /^[^\n]+$/);
        reports.push({ ...outage });
      },
      over: (outage) => reports.push({ over: outage }),
    },
  });
  const count = (session: ReadSession) => session.all(session.sql.selectFrom('flow').select('id'));
  const waitAfter = async (seconds: number): Promise<number> => {
    now = seconds * 1000;
    const failure = await database.read(count).catch((error: unknown) => error);
    assert.ok(failure instanceof TemporaryDatabaseError);
    return failure.retryAfter;
  };

  await proxy.refuse();
  const waits = [];
  for (const seconds of [0, 2, 6, 14, 300]) waits.push(await waitAfter(seconds));
  assert.deepEqual(waits, [2, 4, 8, 16, 30]);
  await proxy.accept();
  await database.read(count);
  await database.read(count);
  const fault = 'unreachable';
  assert.deepEqual(reports, [
    { fault, failures: 1, seconds: 0 },
    { fault, failures: 3, seconds: 14 },
    { fault, failures: 1, seconds: 300 },
    { over: { fault, failures: 0, seconds: 300 } },
  ]);
  await database.close();
  await proxy.close();
  await postgres.drop();
});
