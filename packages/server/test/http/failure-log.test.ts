import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testApp } from '@mintaka/testing/app';
import { keptLog } from '@mintaka/testing/log-lines';
import Fastify from 'fastify';
import { createFailureLog } from '../../src/http/failure-log.ts';

test('one failure per reason and route is logged in ten seconds, with the number of omitted ones', async () => {
  const { log, lines } = keptLog();
  let now = 0;
  const logFailure = createFailureLog(() => now);
  const app = Fastify({ loggerInstance: log });
  app.get('/:route', async (request) =>
    logFailure(request, { level: 'error', reason: 'broken', error: Error('x') }),
  );
  app.get('/other', async (request) => logFailure(request, { level: 'warn', reason: 'broken' }));
  const told = () => lines.splice(0).map(({ route, reason, omitted }) => [route, reason, omitted]);

  for (now = 0; now < 10_000; now += 100) await app.inject(`/${now}`);
  assert.deepEqual(told(), [['/:route', 'broken', undefined]]);
  await app.inject('/other');
  assert.deepEqual(told(), [['/other', 'broken', undefined]]);
  await app.inject('/again');
  assert.deepEqual(told(), [['/:route', 'broken', 99]]);
  now += 10_000;
  await app.inject('/again');
  assert.deepEqual(told(), [['/:route', 'broken', undefined]]);
});

test('a value that the database rejects causes a warning with the route and the reason', async () => {
  const { log, lines } = keptLog();
  const { app, close } = await testApp({}, { log });
  const post = (url: string, payload: object) => app.inject({ method: 'POST', url, payload });
  await post('/api/flows/', { name: 'any' });
  const unknownFlow = await post('/api/flow_runs/', { flow_id: '00000000-0000-4000-8000-000000000000' });
  const longPattern = await post('/api/flows/filter', { flows: { name: { like_: 'a'.repeat(60_000) } } });
  assert.deepEqual([unknownFlow.statusCode, longPattern.statusCode], [409, 422]);
  assert.deepEqual(
    lines.map(({ level, method, route, reason }) => [level, method, route, reason]),
    [
      [40, 'POST', '/api/flow_runs/', 'a foreign key constraint was violated'],
      [40, 'POST', '/api/flows/filter', 'the database rejected a value'],
    ],
  );
  await close();
});

test('an unexpected error is logged with its stack', async () => {
  const { log, lines } = keptLog();
  const { app, context, close } = await testApp({}, { log });
  await context.database.close();
  const answer = await app.inject('/api/flows/name/any');
  assert.equal(answer.statusCode >= 500, true);
  assert.equal(lines.length, 1);
  assert.match(JSON.stringify(lines[0]), /"route":"\/api\/flows\/name\/:name".*"stack":/);
  await close().catch(() => {});
});
