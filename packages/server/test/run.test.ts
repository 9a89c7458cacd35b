import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { type ServerProcess, spawnServer } from '@mintaka/testing/server-process';

let home: string;
before(() => {
  home = mkdtempSync(join(tmpdir(), 'mintaka-run-'));
});
after(() => rmSync(home, { recursive: true }));

const start = (settings: Record<string, string>): ServerProcess =>
  spawnServer({ MINTAKA_HOME: join(home, 'default'), ...settings });

test('a server without settings creates its database, prints its address, answers, and stops cleanly', async () => {
  const server = start({});
  const url = await server.url;
  assert.equal(await (await fetch(`${url}/api/health`)).json(), true);
  assert.deepEqual(readdirSync(join(home, 'default')).includes('mintaka.db'), true);
  server.child.kill('SIGTERM');
  const { code, errors } = await server.ended;
  assert.equal(code, 0, errors);
  assert.deepEqual(readdirSync(join(home, 'default')), ['mintaka.db'], 'the database was closed');
});

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`${signal} loses no request that a connection has already received`, async () => {
    const file = join(home, `${signal}.db`);
    const server = start({ MINTAKA_DATABASE_CONNECTION_URL: `sqlite:///${file}` });
    const { port } = new URL(await server.url);
    const sockets = await Promise.all(Array.from({ length: 40 }, () => openSocket(Number(port))));
    for (const [index, socket] of sockets.entries()) socket.write(createFlow(`flow-${index}`));
    server.child.kill(signal);
    const answers = await Promise.all(sockets.map((socket) => text(socket)));
    for (const answer of answers) assert.match(answer, /^HTTP\/1\.1 201 /);
    const { code, errors } = await server.ended;
    assert.equal(code, 0, errors);
    assert.equal(countFlows(file), 40);
  });
}

test("requests have an id: the client's own or a new one; at level DEBUG each has a line in the log", async () => {
  const server = start({ MINTAKA_LOGGING_SERVER_LEVEL: 'DEBUG' });
  const url = await server.url;
  const own = await fetch(`${url}/api/health`, { headers: { 'x-request-id': 'mine-1' } });
  assert.equal(own.headers.get('x-request-id'), 'mine-1');
  const odd = await fetch(`${url}/api/health`, { headers: { 'x-request-id': 'not one word' } });
  assert.match(odd.headers.get('x-request-id') ?? '', /^[\da-f-]{36}$/);
  server.child.kill('SIGTERM');
  const { output } = await server.ended;
  const lines = output.split('\n').filter((line) => line.includes('"url":"/api/health"'));
  assert.equal(lines.length, 2);
  assert.match(lines[0] ?? '', /"requestId":"mine-1".*"method":"GET".*"status":200/);
});

test('every statement is logged if requested, without values', async () => {
  const server = start({ MINTAKA_DATABASE_ECHO: 'true' });
  const url = await server.url;
  const headers = { 'content-type': 'application/json' };
  await fetch(`${url}/api/flows/`, { method: 'POST', headers, body: '{"name":"nobody-reads-this"}' });
  server.child.kill('SIGTERM');
  const { output } = await server.ended;
  assert.match(output, /"sql":"insert into \\"flow\\"/);
  assert.doesNotMatch(output, /nobody-reads-this/);
});

test('warnings about the settings are logged, and the server starts', async () => {
  const server = start({ MINTAKA_API_PROT: '1' });
  await server.url;
  server.child.kill('SIGTERM');
  assert.match((await server.ended).output, /did you mean MINTAKA_API_PORT\?/);
});

/** Starts that fail: a name, the settings, and the expected line. */
const refused: [name: string, settings: () => Promise<Record<string, string>>, line: RegExp][] = [
  ['a bad value', async () => ({ MINTAKA_API_PORT: 'x' }), /^mintaka: MINTAKA_API_PORT: "x" is not valid/],
  [
    'a URL of another database',
    async () => ({ MINTAKA_DATABASE_CONNECTION_URL: 'mysql://h/d' }),
    /must begin with/,
  ],
  [
    'a Postgres server that is not there',
    async () => ({
      MINTAKA_DATABASE_CONNECTION_URL: `postgresql://u:secret@127.0.0.1:${await closedPort()}/d`,
    }),
    /cannot open the Postgres database d at 127\.0\.0\.1:\d+: .*ECONNREFUSED/,
  ],
  [
    'a Postgres server that does not answer to a password with every kind of character',
    async () => ({
      PREFECT_ORION_DATABASE_PASSWORD: 'secret@a/secret:b?secret#c secret',
      MINTAKA_DATABASE_CONNECTION_URL: `postgresql://u:\${PREFECT_ORION_DATABASE_PASSWORD}@127.0.0.1:${await closedPort()}/d`,
    }),
    /cannot open the Postgres database d at 127\.0\.0\.1:\d+: .*ECONNREFUSED/,
  ],
  [
    'a password in the URL that is cut by a bare slash',
    async () => ({ MINTAKA_DATABASE_CONNECTION_URL: 'postgresql://u:secret/secret:x@y@h:secret/d' }),
    /^mintaka: /,
  ],
  [
    'a folder where the database should be',
    async () => ({ MINTAKA_DATABASE_CONNECTION_URL: `sqlite:///${home}` }),
    /cannot open the SQLite file/,
  ],
  [
    'a file that is no database',
    async () => databaseFile('text.db', (file) => writeFileSync(file, 'x'.repeat(5000))),
    /cannot open the SQLite file/,
  ],
  [
    'a database at an unknown revision',
    async () =>
      databaseFile('revision.db', (file) =>
        write(
          file,
          "CREATE TABLE alembic_version (version_num); INSERT INTO alembic_version VALUES ('abc123')",
        ),
      ),
    /abc123/,
  ],
  [
    'an empty database that may not be migrated',
    async () => ({ ...databaseFile('empty.db', () => {}), PREFECT_ORION_DATABASE_MIGRATE_ON_START: 'false' }),
    /MIGRATE_ON_START is off/,
  ],
  [
    'a port that is taken',
    async () => ({ MINTAKA_API_PORT: String(await takenPort()) }),
    /cannot listen on 127\.0\.0\.1:\d+: .*EADDRINUSE/,
  ],
];

for (const [name, settings, line] of refused) {
  test(`${name} ends the start with exit code 1 and one clear line`, async () => {
    const server = start(await settings());
    const { code, errors } = await server.ended;
    assert.equal(code, 1);
    assert.match(errors, line);
    assert.match(errors, /^mintaka: [^\n]*\n$/);
    assert.doesNotMatch(errors, /secret/);
  });
}

test('a database at an unknown revision is not changed', async () => {
  const settings = databaseFile('untouched.db', (file) =>
    write(file, "CREATE TABLE alembic_version (version_num); INSERT INTO alembic_version VALUES ('abc123')"),
  );
  const dump = () => {
    const database = new DatabaseSync(join(home, 'untouched.db'));
    const rows = database
      .prepare('SELECT sql FROM sqlite_master UNION ALL SELECT version_num FROM alembic_version')
      .all();
    database.close();
    return rows;
  };
  const found = dump();
  await start(settings).ended;
  assert.deepEqual(dump(), found);
});

test('a file that is not a database is not changed', async () => {
  const content = 'not a database '.repeat(400);
  await start(databaseFile('left.db', (file) => writeFileSync(file, content))).ended;
  assert.equal(readFileSync(join(home, 'left.db'), 'utf8'), content);
});

function databaseFile(name: string, make: (file: string) => void): Record<string, string> {
  mkdirSync(home, { recursive: true });
  const file = join(home, name);
  make(file);
  return { MINTAKA_DATABASE_CONNECTION_URL: `sqlite:///${file}` };
}

function write(file: string, sql: string): void {
  const database = new DatabaseSync(file);
  database.exec(sql);
  database.close();
}

function countFlows(file: string): unknown {
  const database = new DatabaseSync(file);
  const row = database.prepare('SELECT count(*) AS count FROM flow').get();
  database.close();
  return row?.count;
}

async function openSocket(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

function createFlow(name: string): string {
  const body = JSON.stringify({ name });
  return `POST /api/flows/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server.address());
  server.close();
  await once(server, 'close');
  return port;
}

async function takenPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  after(() => server.close());
  return portOf(server.address());
}

function portOf(address: ReturnType<ReturnType<typeof createServer>['address']>): number {
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}
