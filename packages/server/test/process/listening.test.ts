import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { testApp } from '@mintaka/testing/app';
import { spawnServer } from '@mintaka/testing/server-process';
import { listeningPort, listenOn } from '../../src/http/listen.ts';

let home: string;
before(() => {
  home = mkdtempSync(join(tmpdir(), 'mintaka-listening-'));
});
after(() => rmSync(home, { recursive: true }));

/** Whether this machine has the loopback address of IPv6. */
async function hasIpv6(): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(0, '::1', () => server.close(() => resolve(true)));
  });
}

for (const host of ['::1', '[::1]']) {
  test(`a server listens on ${host}, and its address has brackets`, async (t) => {
    if (!(await hasIpv6())) return t.skip('this machine has no IPv6');
    const server = spawnServer({ MINTAKA_HOME: home, MINTAKA_API_HOST: host });
    const url = await server.url;
    assert.match(url, /^http:\/\/\[::1\]:\d+$/);
    assert.equal(await (await fetch(`${url}/api/health`)).json(), true);
    const { api_url } = (await (await fetch(`${url}/ui-settings`)).json()) as { api_url: string };
    assert.equal(api_url, `${url}/api`);
    server.child.kill('SIGTERM');
    assert.equal((await server.ended).code, 0);
  });
}

test('a server listens on every address of its host, and loses no request on any of them when it stops', async (t) => {
  if (!(await hasIpv6())) return t.skip('this machine has no IPv6');
  const listening = new AbortController();
  const { app, close } = await testApp({}, { listening });
  const addresses = ['127.0.0.1', '::1'];
  const found = addresses.map((address) => ({ address }));
  await listenOn(app, { host: 'localhost', port: 0 }, listening.signal, async () => found);
  const port = listeningPort(app);
  assert.ok(port !== undefined);
  const open = async (address: string) => {
    const socket = connect(port, address);
    await once(socket, 'connect');
    return socket;
  };
  const sockets = await Promise.all(addresses.map(open));
  // Both are in transit when the server begins to stop.
  for (const socket of sockets) socket.write('GET /api/version HTTP/1.1\r\nhost: localhost\r\n\r\n');
  const closing = close();
  for (const socket of sockets) assert.match(await text(socket), /"0\.8\.4"$/);
  await closing;
  for (const address of addresses) await assert.rejects(open(address), /ECONNREFUSED/);
});

test('an unknown host ends the start with one line', async () => {
  const server = spawnServer({ MINTAKA_HOME: home, MINTAKA_API_HOST: 'no-such-host.invalid' });
  const { code, errors } = await server.ended;
  assert.equal(code, 1);
  assert.match(errors, /^mintaka: cannot listen on no-such-host\.invalid:0: [^\n]+\n$/);
});
