import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { type TestApp, testApp } from '@mintaka/testing/app';

let server: TestApp;
beforeEach(async () => {
  server = await testApp();
});
afterEach(() => server.close());

async function send(url: string, payload: Buffer | string, contentType = 'application/json') {
  const headers = { 'content-type': contentType };
  return server.app.inject({ method: 'POST', url, headers, payload });
}

test('a body that is not JSON gets the position of the error, and its text', async () => {
  const answer = await send('/api/flows/', '{"name": }');
  assert.equal(answer.statusCode, 422);
  assert.deepEqual(answer.json(), {
    exception_message: 'Invalid request received.',
    exception_detail: [
      {
        loc: ['body', 9],
        msg: 'Expecting value: line 1 column 10 (char 9)',
        type: 'value_error.jsondecode',
        ctx: { msg: 'Expecting value', doc: '{"name": }', pos: 9, lineno: 1, colno: 10 },
      },
    ],
    request_body: '{"name": }',
  });
});

test('a body that is not text, or nested too deep, cannot be read at all', async () => {
  const bodies = [
    Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]),
    '['.repeat(100_000),
    `{"name": ${'['.repeat(100_000)}`,
    `{"name": "a", "tags": [${'['.repeat(100_000)}${']'.repeat(100_000)}, NaN]}`,
  ];
  for (const body of bodies) {
    const answer = await send('/api/flows/', body);
    assert.equal(answer.statusCode, 400);
    assert.deepEqual(answer.json(), { detail: 'There was an error parsing the body' });
  }
});

test('free JSON that is nested too deep is a client error', async () => {
  const flow = (await send('/api/flows/', '{"name":"f"}')).json().id;
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  const answer = await send('/api/flow_runs/', `{"flow_id":"${flow}","parameters":{"deep":${deep}}}`);
  assert.equal(answer.statusCode, 400);
  assert.deepEqual(answer.json(), { detail: 'There was an error parsing the body' });
});

test('UTF-16 and a byte order mark are accepted, as in Python', async () => {
  const bodies = [
    Buffer.from('\ufeff{"name":"marked"}', 'utf8'),
    Buffer.from('{"name":"sixteen"}', 'utf16le'),
    Buffer.from('\ufeff{"name":"sixteen and marked"}', 'utf16le'),
    Buffer.from('{"name":"big"}', 'utf16le').swap16(),
  ];
  const names = [];
  for (const body of bodies) names.push((await send('/api/flows/', body)).json().name);
  assert.deepEqual(names, ['marked', 'sixteen', 'sixteen and marked', 'big']);
});

test('NaN and the infinities in free JSON become null, as the reference stores them', async () => {
  const flow = (await send('/api/flows/', '{"name":"f"}')).json().id;
  const run = await send(
    '/api/flow_runs/',
    `{"flow_id":"${flow}","parameters":{"x":NaN,"y":[Infinity,-Infinity],"z":"NaN"}}`,
  );
  assert.equal(run.statusCode, 201);
  assert.deepEqual(run.json().parameters, { x: null, y: [null, null], z: 'NaN' });
});
