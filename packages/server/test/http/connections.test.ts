import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { openSocket } from '@mintaka/testing/listening';
import { createProgressWatch } from '../../src/http/connections.ts';

test('a client that reads one large chunk slowly makes progress, and one that reads nothing does not', async (t) => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  const reached = once(server, 'connection');
  const client = await openSocket(address.port);
  const [socket]: Socket[] = await reached;
  assert.ok(socket);
  socket.on('error', () => {});
  t.after(() => {
    client.destroy();
    server.close();
  });
  const connection = { socket, exchange: undefined };
  const stalledFor = createProgressWatch();

  let isWritten = false;
  socket.write(Buffer.alloc(64 * 1024 * 1024), () => {
    isWritten = true;
  });
  stalledFor(connection);
  let moves = 0;
  for await (const _ of client) {
    if (isWritten) break;
    if (stalledFor(connection) === 0) moves += 1;
  }
  assert.ok(moves > 5, `${moves} moves were seen within the chunk`);

  await new Promise((next) => setImmediate(next));
  stalledFor(connection);
  assert.ok(stalledFor(connection) > 0);
});
