import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { after, before, test } from 'node:test';
import { type TestApp, testApp } from '@mintaka/testing/app';
import { listen } from '@mintaka/testing/listening';
import { createProgressWatch } from '../../../src/http/connections.ts';

const quick = {
  MINTAKA_HTTP_HEADERS_TIMEOUT: '0.2',
  MINTAKA_HTTP_REQUEST_TIMEOUT: '0.4',
  MINTAKA_HTTP_STALL_TIMEOUT: '0.6',
  MINTAKA_API_KEEPALIVE_TIMEOUT: '1',
  MINTAKA_HTTP_TIMEOUT_CHECK_INTERVAL: '0.02',
};

let server: TestApp;
let port: number;
before(async () => {
  server = await testApp(quick);
  await server.app.listen({ host: '127.0.0.1', port: 0 });
  const address = server.app.server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});
after(() => server.close());

async function open(): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

/** Everything that the server sent until it closed the connection. */
async function untilClosed(socket: Socket): Promise<string> {
  let received = '';
  socket.on('data', (chunk: Buffer) => {
    received += chunk;
  });
  await closed(socket);
  return received;
}

/** Waits for the end of a connection. Not `once`, which rejects if a byte is written to a closed connection. */
function closed(socket: Socket): Promise<void> {
  return new Promise((done) => socket.once('close', () => done()));
}

/** Sends a text byte by byte until the connection is closed: a client that is never quite silent. */
function trickle(socket: Socket, text: string): void {
  let at = 0;
  const timer = setInterval(() => {
    socket.write(text[at % text.length] ?? '');
    at += 1;
  }, 10);
  socket.once('close', () => clearInterval(timer));
}

/** Checks that other clients are served. On a busy machine a request may exceed these limits; then it is sent again. */
async function answers(): Promise<void> {
  const ask = () => fetch(`http://127.0.0.1:${port}/api/health`);
  let answer = await ask();
  for (let again = 0; again < 20 && answer.status === 408; again += 1) answer = await ask();
  assert.equal(await answer.text(), 'true');
}

test('a connection that never sends anything is closed', async () => {
  await untilClosed(await open());
  await answers();
});

test('a request whose headers arrive byte by byte is answered with 408', async () => {
  const socket = await open();
  socket.write('GET /api/health HTTP/1.1\r\nhost: localhost\r\n');
  trickle(socket, 'x-slow: yes\r\n');
  assert.match(await untilClosed(socket), /^HTTP\/1\.1 408 /);
  await answers();
});

test('a request whose body arrives byte by byte is answered with 408', async () => {
  const socket = await open();
  socket.write('POST /api/flows/ HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100000\r\n\r\n{"name": "');
  trickle(socket, 'slowly');
  assert.match(await untilClosed(socket), /^HTTP\/1\.1 408 /);
  await answers();
});

test('a request that breaks off within its body is dropped without effect', async () => {
  const socket = await open();
  const body = JSON.stringify({ name: 'broken off' });
  socket.write(
    `POST /api/flows/ HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${body.length + 1}\r\n\r\n${body}`,
  );
  assert.match(await untilClosed(socket), /^HTTP\/1\.1 408 /);
  const found = await server.app.inject({ url: '/api/flows/name/broken%20off' });
  assert.equal(found.statusCode, 404);
});

test('a connection without a further request is closed', async () => {
  const socket = await open();
  socket.write('GET /api/health HTTP/1.1\r\nhost: localhost\r\n\r\n');
  assert.match(await untilClosed(socket), /^HTTP\/1\.1 200 /);
});

test('a client that does not read its answer is disconnected after the timeout, not after twice the timeout', async (t) => {
  const stall = 2;
  const { app, close } = await testApp({
    MINTAKA_HTTP_STALL_TIMEOUT: `${stall}`,
    MINTAKA_HTTP_TIMEOUT_CHECK_INTERVAL: '0.02',
  });
  t.after(close);
  // More than the buffers of both ends.
  app.get('/much', async () => Buffer.alloc(64 * 1024 * 1024));
  const reached = once(app.server, 'connection');
  const client = connect(await listen(app), '127.0.0.1').pause();
  client.on('error', () => {});
  client.write('GET /much HTTP/1.1\r\nhost: localhost\r\n\r\n');
  const [socket]: Socket[] = await reached;
  assert.ok(socket);

  // The timer starts once the client has stopped the flow of bytes, as the server's own clock does.
  const connection = { socket, exchange: undefined };
  const stalledFor = createProgressWatch();
  await once(app.server, 'request');
  while (stalledFor(connection) < 100) await new Promise((next) => setImmediate(next));
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<string>((resolve) => {
    timer = setTimeout(resolve, 1.5 * stall * 1000, 'too late');
  });
  const winner = await Promise.race([closed(socket).then(() => 'in time'), tooLate]);
  clearTimeout(timer);
  client.destroy();
  assert.equal(winner, 'in time');
});
