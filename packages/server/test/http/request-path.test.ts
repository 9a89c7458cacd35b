import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type TestApp, testApp } from '@mintaka/testing/app';
import { listen } from '@mintaka/testing/listening';
import { createPathReader } from '../../src/http/request-path.ts';

let server: TestApp;
before(async () => {
  server = await testApp();
});
after(() => server.close());

const read = createPathReader('');

test('a path without percent signs, and every query, are unchanged', () => {
  for (const url of ['/', '/api/flows/name/a;b=c', '/api/health?a=%2F?b', '/a?b?c=%zz']) {
    assert.equal(read({ url }), url);
  }
});

const paths: [given: string, read: string][] = [
  ['/api/flows/name/my%20flow', '/api/flows/name/my%20flow'],
  ['/api/flows/name/100%', '/api/flows/name/100%25'],
  ['/api/flows/name/%zz%4', '/api/flows/name/%25zz%254'],
  // 0xDE begins a two-byte character, and no second byte follows.
  ['/api/flows/name/my%DEployment', '/api/flows/name/my%EF%BF%BDployment'],
  ['/api/flows/name/%e2%82%ac%ff', '/api/flows/name/%E2%82%AC%EF%BF%BD'],
  ['/api%2fflows%2Fname/x?%2f', '/api/flows/name/x?%2f'],
  ['/api/deployments/name/a%2Fb/c', '/api/deployments/name/a/b/c'],
  ['/api/concurrency_limits/tag/team%2Fdb', '/api/concurrency_limits/tag/team%2Fdb'],
  ['/api/concurrency_limits/tag/team%2Fdb/reset', '/api/concurrency_limits/tag/team%2Fdb/reset'],
  ['/api/concurrency_limits/tag/%252F', '/api/concurrency_limits/tag/%252F'],
];
for (const [given, expected] of paths) {
  test(`${given} is read as ${expected}`, () => assert.equal(read({ url: given }), expected));
}

test('the base path is stripped if a request has it, and only as a whole', () => {
  const below = createPathReader('/tools');
  const known: [given: string, expected: string][] = [
    ['/tools/api/health?a=1', '/api/health?a=1'],
    ['/tools/', '/'],
    ['/tools', '/'],
    ['/tools?a', '/?a'],
    ['/api/health', '/api/health'],
    ['/toolsmith/api', '/toolsmith/api'],
    ['/tools/tools/api', '/tools/api'],
  ];
  for (const [given, expected] of known) {
    assert.equal(below({ url: given }), expected, given);
  }
});

test('invalid percent-encoding yields unknown names, as in the reference', async () => {
  for (const url of [
    '/api/deployments/name/f/my%DEployment',
    '/api/flows/name/100%',
    '/api/flows/name/%ff%fe',
  ]) {
    const answer = await server.app.inject(url);
    assert.equal(answer.statusCode, 404, url);
    assert.match(answer.json().detail, /^(?:Deployment|Flow) not found$/);
  }
  assert.deepEqual((await server.app.inject('/nowhere/%')).json(), { detail: 'Not Found' });
});

test('the concurrency limit of a tag with a slash can be read, reset and deleted by its tag', async () => {
  const tag = 'team/db 100%';
  const path = `/api/concurrency_limits/tag/${encodeURIComponent(tag)}`;
  const create = {
    method: 'POST',
    url: '/api/concurrency_limits/',
    payload: { tag, concurrency_limit: 3 },
  } as const;
  assert.equal((await server.app.inject(create)).statusCode, 200);
  assert.equal((await server.app.inject(path)).json().tag, tag);
  const reset = { method: 'POST', url: `${path}/reset`, payload: {} } as const;
  assert.equal((await server.app.inject(reset)).statusCode, 200);
  assert.equal((await server.app.inject({ method: 'DELETE', url: path })).statusCode, 200);
  assert.equal((await server.app.inject(path)).statusCode, 404);
});

test('a path of 60,000 bytes is answered as by the reference', async () => {
  const { app, close } = await testApp();
  const answer = await fetch(`http://127.0.0.1:${await listen(app)}/api/flows/name/${'a'.repeat(60_000)}`);
  assert.deepEqual([answer.status, await answer.json()], [404, { detail: 'Flow not found' }]);
  await close();
});
