import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { listableOperations, operations } from '@mintaka/contract';
import { testApp } from '@mintaka/testing/app';

const page = readFileSync(new URL('../../docs/own-operations.md', import.meta.url), 'utf8');
/** The path and the body of each request that the page shows. */
const examples = [...page.matchAll(/curl -s http:\/\/127\.0\.0\.1:4200(\S+) .*? -d '(.*?)'/gs)];

test('the requests in docs/own-operations.md work as they are', async (context) => {
  const { app, close } = await testApp();
  context.after(close);
  const headers = { 'content-type': 'application/json' };
  await app.inject({
    method: 'POST',
    url: '/api/work_pools/',
    headers,
    payload: '{"name":"my-pool","type":"process"}',
  });
  assert.equal(examples.length, 2);
  for (const [, url = '', body = ''] of examples) {
    const payload = body.replace('"wait": 30', '"wait": 0');
    const answer = await app.inject({ method: 'POST', url, headers, payload });
    assert.equal(answer.statusCode, 200, answer.body);
    assert.notEqual(answer.json().committed, false, answer.body);
  }
});

test('docs/own-operations.md names every operation of Mintaka, and every operation of a list', () => {
  const own = Object.keys(operations.own).filter((name) => name !== 'capabilities');
  for (const name of own) assert.ok(page.includes(`| \`${name}\` |`), name);
  for (const name of Object.keys(listableOperations)) {
    const [resource, action] = name.split('.');
    const row = page.split('\n').find((line) => line.startsWith(`| \`${resource}.`));
    assert.ok(row?.includes(`.${action}\``), name);
  }
});
