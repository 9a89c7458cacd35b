import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type ServerProcess, serverProgram, spawnServer, watchServer } from '@mintaka/testing/server-process';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
let home: string;
before(() => {
  home = mkdtempSync(join(tmpdir(), 'mintaka-signals-'));
});
after(() => rmSync(home, { recursive: true }));

/** Runs a command in the root of the repository, as a user does, in its own process group. */
function run(...[command = '', ...args]: string[]): ServerProcess {
  const env = { PATH: process.env.PATH, HOME: home, MINTAKA_HOME: home, MINTAKA_API_PORT: '0' };
  return watchServer(
    spawn(command, args, { cwd: root, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] }),
  );
}

/** Whether no server listens at the address any more. */
async function isGone(url: string): Promise<boolean> {
  return fetch(`${url}/api/health`).then(
    () => false,
    () => true,
  );
}

/** A connection that has sent the first half of a request. */
async function halfRequest(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write('POST /api/flows/ HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\n{"na');
  return socket;
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`${signal} to only npm stops the server with exit code 0`, async () => {
    const npm = run('npm', 'start');
    const url = await npm.url;
    npm.child.kill(signal);
    const { code, errors } = await npm.ended;
    assert.equal(code, 0, errors);
    assert.ok(await isGone(url), 'npm exited only after the server');
  });

  test(`${signal} to both npm and the server, as from a terminal, stops the server cleanly`, async () => {
    const npm = run('npm', 'start');
    const url = await npm.url;
    process.kill(-pidOf(npm.child), signal);
    const { code, errors } = await npm.ended;
    assert.equal(code, 0, errors);
    assert.ok(await isGone(url));
  });

  test(`${signal} stops the server if it is process 1, as in a container`, async (t) => {
    if (!canUnshare()) return t.skip('this user may not make a namespace of process ids');
    for (const command of [
      ['npm', 'start'],
      [process.execPath, serverProgram],
    ]) {
      const namespace = run('unshare', '--pid', '--fork', '--mount-proc', ...command);
      await namespace.url;
      process.kill(onlyChild(pidOf(namespace.child)), signal);
      const { code, errors } = await namespace.ended;
      assert.equal(code, 0, errors);
    }
  });
}

const lonely: [command: string[], signal: NodeJS.Signals][] = [
  // npx starts the server through a shell, which is killed by the signal and does not forward it.
  [['npx', 'mintaka-server'], 'SIGTERM'],
  [['npm', 'start'], 'SIGKILL'],
];
for (const [command, signal] of lonely) {
  test(`${signal} to "${command.join(' ')}" leaves no server running`, async () => {
    const parent = run(...command);
    const url = await parent.url;
    parent.child.kill(signal);
    // The output closes when the last process that holds it has exited.
    await parent.ended;
    assert.ok(await isGone(url));
  });
}

test('a signal while the server starts stops it with exit code 0', async () => {
  const silent = createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const address = silent.address();
  assert.ok(typeof address === 'object' && address !== null);
  const server = spawnServer({
    MINTAKA_HOME: home,
    MINTAKA_DATABASE_CONNECTION_TIMEOUT: '0',
    MINTAKA_DATABASE_CONNECTION_URL: `postgresql://u:p@127.0.0.1:${address.port}/d`,
  });
  await once(silent, 'connection');
  server.child.kill('SIGTERM');
  const { code, errors } = await server.ended;
  silent.close();
  assert.deepEqual([code, errors], [0, '']);
});

test('SIGTERM disconnects a client that sends only half of its request, and the server stops cleanly', async () => {
  const server = spawnServer({ MINTAKA_HOME: home, MINTAKA_HTTP_REQUEST_TIMEOUT: '0' });
  const socket = await halfRequest(await server.url);
  server.child.kill('SIGTERM');
  const { code, errors } = await server.ended;
  socket.destroy();
  assert.deepEqual([code, errors], [0, '']);
});

test('a second signal stops the server immediately', async () => {
  const server = spawnServer({ MINTAKA_HOME: home, MINTAKA_HTTP_REQUEST_TIMEOUT: '0' });
  const socket = await halfRequest(await server.url);
  const repeating = setInterval(() => server.child.kill('SIGTERM'), 50);
  const { code } = await server.ended;
  clearInterval(repeating);
  socket.destroy();
  assert.equal(code, 1);
});

function pidOf({ pid }: ChildProcess): number {
  assert.ok(pid !== undefined);
  return pid;
}

function canUnshare(): boolean {
  return spawnSync('unshare', ['--pid', '--fork', '--mount-proc', 'true']).status === 0;
}

function onlyChild(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim());
}
