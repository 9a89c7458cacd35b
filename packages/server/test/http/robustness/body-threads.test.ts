import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { encodeJson, JsonText, jsonText } from '@mintaka/contract';
import { type TestApp, testApp } from '@mintaka/testing/app';
import { exchange, listen } from '@mintaka/testing/listening';
import fc from 'fast-check';
import { pack, unpack } from '../../../src/http/body-transport.ts';

let server: TestApp;
let flowId: string;
before(async () => {
  server = await testApp({ MINTAKA_API_BODY_MEMORY: `${8 * 1024 * 1024}` });
  flowId = (await send('POST', '/api/flows/', { name: 'large' })).body.id;
});
after(() => server.close());

async function send(method: 'POST' | 'PATCH', url: string, body: unknown) {
  const payload = typeof body === 'string' ? body : JSON.stringify(body);
  const headers = { 'content-type': 'application/json' };
  const answer = await server.app.inject({ method, url, headers, payload });
  return { status: answer.statusCode, body: answer.body === '' ? undefined : JSON.parse(answer.body) };
}

/** Trailing spaces make a body large without changing it. */
const largely = (body: unknown) => `${JSON.stringify(body)}${' '.repeat(300 * 1024)}`;

test('a thread transfers values unchanged: free JSON, exact numbers, any key', () => {
  const leaf = fc.oneof(
    fc.string(),
    fc.double({ noNaN: true }),
    fc.boolean(),
    fc.constant(null),
    fc.json().map((text) => jsonText(JSON.parse(text))),
    fc.constantFrom(JSON.rawJSON('1.0'), JSON.rawJSON('12345678901234567890')),
  );
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.array(tie('value')),
      fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('__proto__', 'text', 'rawJSON')), tie('value')),
    ),
  }));
  fc.assert(
    fc.property(value, (given) => {
      const came = unpack(structuredClone(pack(given)));
      assert.equal(encodeJson(came), encodeJson(given));
      assert.equal(came instanceof JsonText, given instanceof JsonText);
    }),
  );
});

test('a large body gets exactly the same answer as the same body when it is small', async () => {
  const bodies: [method: 'POST' | 'PATCH', path: string, body: unknown][] = [
    [
      'POST',
      '/api/flow_runs/',
      { flow_id: flowId, name: 'same', parameters: { a: [1.5, { b: 'é\u0000' }] } },
    ],
    ['POST', '/api/flow_runs/', { flow_id: 'none', tags: 5, state: { type: 'DONE' } }],
    ['POST', '/api/flow_runs/', { flow_id: flowId, unknown: 1, __proto__: null }],
    ['POST', '/api/flow_runs/filter', { limit: 1000 }],
    ['POST', '/api/flow_runs/filter', { flow_runs: { tags: { all_: ['none'] } }, limit: 5 }],
    [
      'POST',
      '/api/task_runs/',
      { flow_run_id: flowId, task_key: 'k', dynamic_key: 'd', cache_key: 'c'.repeat(3000) },
    ],
    ['POST', '/api/logs/', [{ name: 'x' }, 7]],
    ['POST', '/api/work_pools/', { name: 'p', base_job_template: { job_configuration: { a: '{{ b }}' } } }],
  ];
  for (const [method, path, body] of bodies) {
    const small = await send(method, path, body);
    const large = await send(method, path, largely(body));
    assert.equal(large.status, small.status, path);
    assert.deepEqual(comparable(large.body), comparable(small.body), path);
  }
});

/** What two equal requests may differ in. */
function comparable(body: unknown): unknown {
  return JSON.parse(
    JSON.stringify(body, (key, value) =>
      /^(id|state_id|flow_run_id|created|updated|timestamp|request_body)$|time/.test(key) ? '' : value,
    ),
  );
}

test('a large text that is not JSON is refused at the position of its error', async () => {
  const { status, body } = await send('POST', '/api/flow_runs/', `{"a": ${'1, '.repeat(100_000)}`);
  assert.equal(status, 422);
  assert.equal(body.exception_detail[0].type, 'value_error.jsondecode');
  const deep = await send('POST', '/api/flow_runs/', '['.repeat(400_000));
  assert.deepEqual(deep, { status: 400, body: { detail: 'There was an error parsing the body' } });
});

test('forty thousand log lines of one request are stored together', async () => {
  const lines = Array.from({ length: 40_000 }, (_, line) => ({
    name: 'many',
    level: 20,
    message: `line ${line}`,
    timestamp: '2026-01-01T00:00:00Z',
    flow_run_id: flowId,
  }));
  assert.equal((await send('POST', '/api/logs/', lines)).status, 201);
  const stored = await server.context.database.read((session) =>
    session.first(session.sql.selectFrom('log').select((eb) => eb.fn.countAll<number>().as('count'))),
  );
  assert.equal(stored?.count, 40_000);
});

test('bodies that use too much memory together are refused with 503, and are accepted later', async () => {
  const port = await listen(server.app);
  const body = largely({ name: 'x'.repeat(5 * 1024 * 1024) });
  const head = [
    'POST /api/flows/ HTTP/1.1',
    'host: localhost',
    'content-type: application/json',
    'connection: close',
    `content-length: ${body.length}`,
  ].join('\r\n');
  const answers = await Promise.all([0, 1, 2].map(() => exchange(port, `${head}\r\n\r\n${body}`)));
  const statuses = answers.map((answer) => answer.slice('HTTP/1.1 '.length, 'HTTP/1.1 '.length + 3)).sort();
  assert.ok(statuses.some((status) => status.startsWith('20')));
  assert.ok(statuses.includes('503'), statuses.join());
  assert.match(answers.find((answer) => answer.includes(' 503 ')) ?? '', /retry-after: \d/i);
  assert.match(await exchange(port, `${head}\r\n\r\n${body}`), /^HTTP\/1.1 200/);
});
