import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { spawnServer } from '@mintaka/testing/server-process';

const quiet = {
  MINTAKA_SERVICES_SCHEDULER_ENABLED: 'false',
  MINTAKA_SERVICES_LATE_RUNS_ENABLED: 'false',
  MINTAKA_SERVICES_PAUSE_EXPIRATIONS_ENABLED: 'false',
  MINTAKA_SERVICES_CANCELLATION_CLEANUP_ENABLED: 'false',
  MINTAKA_SERVICES_FLOW_RUN_NOTIFICATIONS_ENABLED: 'false',
  MINTAKA_BLOCKS_REGISTER_ON_START: 'false',
};

/** Statements of loops that cannot be switched off. */
const loopsAlone = /\bmintaka_/;

type Line = { msg: string; requestId?: string; requestIds?: string[]; sql?: string };

test('every log line that a request causes has its id', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'mintaka-request-ids-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const server = spawnServer({
    ...quiet,
    MINTAKA_HOME: folder,
    MINTAKA_LOGGING_SERVER_LEVEL: 'DEBUG',
    MINTAKA_DATABASE_ECHO: 'true',
  });
  const url = await server.url;
  const send = async (id: string, path: string, body?: unknown) => {
    const answer = await fetch(`${url}${path}`, {
      headers: { 'x-request-id': id, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    });
    assert.equal(answer.headers.get('x-request-id'), id);
    return answer;
  };

  // Together, so that they share a commit.
  await Promise.all(['one', 'two', 'three'].map((id) => send(id, '/api/flows/', { name: id })));
  await send('pool', '/api/work_pools/', { name: 'pool', type: 'process' });
  await send('bad', '/api/flows/', 'nonsense');
  const file = new DatabaseSync(join(folder, 'mintaka.db'));
  file.exec('PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = OFF;');
  file.exec(
    "CREATE TRIGGER broken BEFORE UPDATE ON work_queue BEGIN SELECT raise(FAIL, 'on purpose'); END; DROP TABLE log;",
  );
  file.close();
  assert.equal((await send('poll', '/api/work_pools/pool/get_scheduled_flow_runs', {})).status, 200);
  assert.equal((await send('failing', '/api/logs/filter', {})).status, 500);
  assert.equal((await send('figures', '/metrics')).status, 200);
  server.child.kill('SIGTERM');
  const { output } = await server.ended;

  const lines: Line[] = output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
  const start = lines.findIndex(({ requestId }) => requestId !== undefined);
  const ofItsOwn = ({ msg, sql }: Line) =>
    ['stopping', 'stopped'].includes(msg) || loopsAlone.test(sql ?? '');
  const nameless = lines
    .slice(start)
    .filter((line) => !line.requestId && !line.requestIds && !ofItsOwn(line));
  assert.deepEqual(nameless, []);
  const saying = (message: string) => lines.filter(({ msg }) => msg === message);
  for (const id of ['one', 'two', 'three']) {
    const statements = saying('statement').filter(({ requestId }) => requestId === id);
    assert.ok(
      statements.some(({ sql }) => sql?.startsWith('insert into "flow"')),
      `the statements of ${id}`,
    );
  }
  assert.deepEqual(saying('request failed')[0]?.requestId, 'failing');
  assert.deepEqual(saying('could not record a poll')[0]?.requestIds, ['poll']);
  assert.equal(saying('request').length, 8);
});
