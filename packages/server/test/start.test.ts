import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { timestamp } from '@mintaka/contract';
import { CannotListenError, migrate, readSettings, startServer } from '@mintaka/server';
import pino from 'pino';

let home: string;
before(() => {
  home = mkdtempSync(join(tmpdir(), 'mintaka-start-'));
});
after(() => rmSync(home, { recursive: true }));

const silent = pino({ level: 'silent' });
const settingsFor = (name: string, more: Record<string, string> = {}) =>
  readSettings({ MINTAKA_HOME: join(home, name), MINTAKA_API_PORT: '0', ...more });

test('a program starts several servers with its own clock and randomness, and stops them', async () => {
  const clock = { now: () => timestamp('2030-01-02 03:04:05.000006') };
  let count = 0;
  const random = {
    id: () => `00000000-0000-4000-8000-${String(++count).padStart(12, '0')}`,
    fraction: () => 0.5,
  };
  const moved = await startServer(settingsFor('moved'), { clock, random, log: silent });
  const other = await startServer(settingsFor('other'), { log: silent });
  const answer = await fetch(`${moved.url}/api/flows/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"name": "f"}',
  });
  const flow: unknown = await answer.json();
  assert.partialDeepStrictEqual(flow, { name: 'f', created: '2030-01-02T03:04:05.000006+00:00' });
  assert.match(JSON.stringify(flow), /"id":"00000000-0000-4000-8000-\d{12}"/);
  assert.equal((await fetch(`${other.url}/api/health`)).status, 200);
  await Promise.all([moved.stop(), other.stop()]);
  await assert.rejects(fetch(`${moved.url}/api/health`));
});

test('a server that cannot listen reports it and leaves nothing open, so that another can be started', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  const address = await new Promise<number>((resolve) =>
    taken.once('listening', () => {
      const bound = taken.address();
      resolve(typeof bound === 'object' && bound !== null ? bound.port : 0);
    }),
  );
  const settings = settingsFor('taken', { MINTAKA_API_PORT: String(address) });
  await assert.rejects(startServer(settings, { log: silent }), CannotListenError);
  taken.close();
  const server = await startServer(settingsFor('taken'), { log: silent });
  await server.stop();
});

test('migrate creates the tables and closes the database, and a second call changes nothing', async () => {
  const settings = settingsFor('migrated');
  await migrate(settings);
  const file = join(home, 'migrated', 'mintaka.db');
  const tables = () => {
    const database = new DatabaseSync(file);
    try {
      return database.prepare("select sql from sqlite_master where type = 'table' order by name").all();
    } finally {
      database.close();
    }
  };
  const made = tables();
  assert.ok(made.length > 20);
  await migrate(settings);
  assert.deepEqual(tables(), made);
});

test('loading the package prints nothing, starts nothing and does not exit the process', () => {
  const code = `
    const loaded = await import('@mintaka/server');
    const left = process.getActiveResourcesInfo().filter((kind) => !/^(?:Pipe|TTY|FSReq)/.test(kind));
    console.log(JSON.stringify([typeof loaded.startServer, typeof loaded.migrate, left, process.listenerCount('SIGTERM')]));
  `;
  const folder = fileURLToPath(new URL('../', import.meta.url));
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', code], {
    cwd: folder,
    encoding: 'utf8',
  });
  assert.deepEqual(JSON.parse(output), ['function', 'function', [], 0]);
});
