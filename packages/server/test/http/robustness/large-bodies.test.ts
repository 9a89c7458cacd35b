import assert from 'node:assert/strict';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { after, before, beforeEach, test } from 'node:test';
import { type TestApp, testApp } from '@mintaka/testing/app';
import { exchange, listen, openSocket } from '@mintaka/testing/listening';
import { keptLog } from '@mintaka/testing/log-lines';

const limit = 100_000;
/** More than the buffers of both ends of a connection, so that a client can only send it if the server reads it. */
const large = 16 * 1024 * 1024;

const { log, lines } = keptLog();
let server: TestApp;
let port: number;
before(async () => {
  server = await testApp({ MINTAKA_API_BODY_LIMIT: `${limit}` }, { log });
  port = await listen(server.app);
});
beforeEach(() => lines.splice(0));
after(() => server.close());

const refusal = {
  detail: `The request body has ${large} bytes; this server takes at most ${limit} (MINTAKA_API_BODY_LIMIT).`,
};
const head = (...headers: string[]) =>
  `${['POST /api/flow_runs/ HTTP/1.1', 'host: localhost', 'content-type: application/json', ...headers].join('\r\n')}\r\n\r\n`;

/** Sends everything before it reads anything, as many clients do; returns the answer. */
async function sendAll(...pieces: (string | Buffer)[]): Promise<string> {
  const socket = await openSocket(port);
  socket.pause();
  for (const piece of pieces) socket.write(piece);
  await new Promise<void>((resolve, reject) => {
    socket.once('close', () =>
      reject(new Error('the server closed the connection while the client was sending')),
    );
    socket.write('', () => resolve());
  });
  return text(socket);
}

function parts(answer: string): { status: string; body: unknown } {
  const [start = '', body = ''] = answer.split('\r\n\r\n');
  return { status: start.slice('HTTP/1.1 '.length, 'HTTP/1.1 '.length + 3), body: JSON.parse(body) };
}

test('a client that sends its whole body first receives the 413 afterwards', async () => {
  for (const connection of ['keep-alive', 'close']) {
    const answer = await sendAll(
      head(`content-length: ${large}`, `connection: ${connection}`),
      Buffer.alloc(large),
    );
    assert.deepEqual(parts(answer), { status: '413', body: refusal });
  }
});

test('a client that sends its body in chunks receives the 413', async () => {
  const chunk = Buffer.concat([Buffer.from('100000\r\n'), Buffer.alloc(0x100000), Buffer.from('\r\n')]);
  const chunks = Array<Buffer>(16).fill(chunk);
  const answer = await sendAll(head('transfer-encoding: chunked'), ...chunks, '0\r\n\r\n');
  const detail = `The request body has more than ${limit} bytes; this server takes at most ${limit} (MINTAKA_API_BODY_LIMIT).`;
  assert.deepEqual(parts(answer), { status: '413', body: { detail } });
});

test('the 413 is sent immediately, before the body', async () => {
  const socket = await openSocket(port);
  socket.write(head(`content-length: ${large}`));
  const [first]: Buffer[] = await once(socket, 'data');
  assert.match(String(first), /^HTTP\/1\.1 413 /);
  socket.destroy();
});

test('a client that announces too large a body is not told to send it', async () => {
  const answer = await exchange(port, head(`content-length: ${large}`, 'expect: 100-continue'));
  assert.deepEqual(parts(answer), { status: '413', body: refusal });
  assert.match(answer, /^connection: close\r$/im);
});

test('a client that announces a body within the limit is told to send it', async () => {
  const body = JSON.stringify({ name: 'asked first' });
  const socket = await openSocket(port);
  const start = head(`content-length: ${body.length}`, 'expect: 100-continue', 'connection: close');
  socket.write(start.replace('flow_runs', 'flows'));
  const [first]: Buffer[] = await once(socket, 'data');
  assert.match(String(first), /^HTTP\/1\.1 100 Continue\r\n/);
  socket.write(body);
  assert.match(await text(socket), /HTTP\/1\.1 201 /);
});

test('a body of exactly the limit is read', async () => {
  const body = `{"name": "${'x'.repeat(limit - 12)}"}`;
  assert.equal(body.length, limit);
  const answer = await server.app.inject({ method: 'POST', url: '/api/flows/', payload: body });
  assert.equal(answer.statusCode, 201);
  const over = await server.app.inject({ method: 'POST', url: '/api/flows/', payload: `${body} ` });
  assert.equal(over.statusCode, 413);
});

test('the log has one warning for each route, with the size and the setting', async () => {
  const big = { method: 'POST', url: '/api/logs/', payload: ' '.repeat(limit + 1) } as const;
  for (let count = 0; count < 5; count += 1) await server.app.inject(big);
  await server.app.inject({ ...big, url: '/api/task_runs/' });
  const about = lines.map(({ route, reason, bytes, limit, setting }) => ({
    route,
    reason,
    bytes,
    limit,
    setting,
  }));
  const expected = {
    reason: 'the body is too large',
    bytes: limit + 1,
    limit,
    setting: 'MINTAKA_API_BODY_LIMIT',
  };
  assert.deepEqual(about, [
    { route: '/api/logs/', ...expected },
    { route: '/api/task_runs/', ...expected },
  ]);
});
