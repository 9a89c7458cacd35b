import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { testApp } from '@mintaka/testing/app';
import { listen, openSocket } from '@mintaka/testing/listening';
import type { FastifyInstance } from 'fastify';

/** Resolves when a connection is closed, by an end or a reset. */
function closed(socket: Socket): Promise<void> {
  return new Promise((done) => socket.once('close', () => done()));
}

test('a closing server drops half-sent requests, and finishes complete ones however long they take', async () => {
  const { app, close } = await testApp({ MINTAKA_HTTP_REQUEST_TIMEOUT: '0' });
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const { promise: reached, resolve: reach } = Promise.withResolvers<void>();
  app.get('/slow', async () => {
    reach();
    await released;
    return 'finished';
  });
  const port = await listen(app);
  const halves = [
    'GET /api/he',
    'POST /api/flows/ HTTP/1.1\r\nhost: localhost\r\ncontent-length: 10\r\n\r\n{',
  ];
  const halfSent = await Promise.all(halves.map(() => openSocket(port)));
  for (const [index, socket] of halfSent.entries()) socket.write(halves[index] ?? '');
  const whole = await openSocket(port);
  whole.write('GET /slow HTTP/1.1\r\nhost: localhost\r\n\r\n');
  await reached;

  const closing = close();
  await Promise.all(halfSent.map((socket) => closed(socket.resume())));
  assert.equal(whole.destroyed, false);
  release();
  const answer = await text(whole);
  assert.match(answer, /^HTTP\/1\.1 200 .*connection: close.*\r\n\r\nfinished$/is);
  await closing;
});

/** Requests an answer that is larger than the buffers of both ends, and reads nothing of it. */
async function askForMuch(app: FastifyInstance, port: number): Promise<Socket> {
  const written = Promise.withResolvers<void>();
  app.server.once('request', (_request, response) => response.once('prefinish', written.resolve));
  const client = await openSocket(port);
  client.pause();
  client.write('GET /much HTTP/1.1\r\nhost: localhost\r\n\r\n');
  await written.promise;
  return client;
}

test('a closing server sends the answers that it has begun, also to clients that read slowly', async () => {
  const { app, close } = await testApp();
  app.get('/much', async () => Buffer.alloc(64 * 1024 * 1024));
  const port = await listen(app);
  const idle = await openSocket(port);
  idle.write('GET /api/health HTTP/1.1\r\nhost: localhost\r\n\r\n');
  const client = await askForMuch(app, port);
  const closing = close();
  await closed(idle.resume());
  const received = await text(client);
  assert.ok(received.length > 64 * 1024 * 1024);
  await closing;
});

test('a closing server does not wait for a client that does not read its answer', async () => {
  const { app, close } = await testApp();
  app.get('/much', async () => Buffer.alloc(64 * 1024 * 1024));
  const client = await askForMuch(app, await listen(app));
  await close();
  client.destroy();
});

test('a server that closes does not wait for a client that does not read an answer without end', async () => {
  const { app, close } = await testApp();
  app.get('/endless', async (_request, reply) => reply.send(Readable.from(zeros(), { objectMode: false })));
  const held = once(app.server, 'request').then(async ([, response]) => {
    while (!response.writableNeedDrain) await nextTurn();
  });
  const client = await openSocket(await listen(app));
  client.pause();
  client.write('GET /endless HTTP/1.1\r\nhost: localhost\r\n\r\n');
  await held;
  await close();
  client.destroy();
});

function* zeros(): Generator<Buffer> {
  while (true) yield Buffer.alloc(256 * 1024);
}
