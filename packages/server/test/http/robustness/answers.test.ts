import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type TestApp, testApp } from '@mintaka/testing/app';

/** More bytes than the answer to any refused request has. */
const most = 3 * 1024 * 1024;
/** Not far below the largest body. */
const megabytes = 7_500_000;

let server: TestApp;
before(async () => {
  server = await testApp();
});
after(() => server.close());

async function send(
  url: string,
  payload: string | Buffer,
  method: 'POST' | 'PATCH' = 'POST',
  contentType = 'application/json',
) {
  return server.app.inject({ method, url: `/api${url}`, headers: { 'content-type': contentType }, payload });
}

/** Large invalid bodies, each with the part that is repeated. */
const wrong: readonly [what: string, url: string, around: (text: string) => string, piece: string][] = [
  ['control characters', '/flows/', (text) => `{"name":"${text}"}`, '\u0001'],
  ['a text that is not JSON', '/flows/', (text) => text, '\\'],
  ['a name that may not be', '/flows/', (text) => `{"name":"${text}"}`, '/'],
  [
    'a name that may not be, of letters that are escaped',
    '/flows/',
    (text) => `{"name":"${text}"}`,
    '%\\u0001',
  ],
  ['a key that no field has', '/flows/', (text) => `{"name":"a","${text}":1}`, 'k'],
  ['a moment', '/flow_runs/filter', (text) => `{"flow_runs":{"start_time":{"after_":"${text}"}}}`, '9'],
  ['a choice', '/flow_runs/filter', (text) => `{"sort":"${text}"}`, 'A'],
  ['items of a list', '/logs/', (text) => `[${text}0]`, '0,'],
  ['items of a list with long keys', '/logs/', (text) => `[${text}0]`, `{"${'k'.repeat(2000)}":1},`],
  [
    'members of an object',
    '/task_runs/',
    (text) => `{"task_inputs":{${text}"z":1}}`,
    `"${'k'.repeat(2000)}":1,`,
  ],
  ['a schedule', '/deployments/', (text) => `{"name":"a","schedule":{"cron":"${text}"}}`, 'x '],
  [
    'a time zone',
    '/deployments/',
    (text) => `{"name":"a","schedule":{"interval":1,"timezone":"${text}"}}`,
    'Europe/',
  ],
  ['a recurrence', '/deployments/', (text) => `{"name":"a","schedule":{"rrule":"${text}"}}`, 'FREQ=DAILY;'],
  ['a URL', '/block_types/', (text) => `{"name":"a","slug":"a","logo_url":"${text}"}`, 'a'],
  [
    'a template of a message',
    '/flow_run_notification_policies/',
    (text) => `{"message_template":"${text}"}`,
    '{',
  ],
  [
    'a template of jobs',
    '/work_pools/',
    (text) =>
      `{"name":"a","base_job_template":{"job_configuration":{"c":"${text}"},"variables":{"properties":{"a":{}}}}}`,
    '{{ b }}',
  ],
  [
    'a template of jobs with many names',
    '/work_pools/',
    (text) =>
      `{"name":"a","base_job_template":{"job_configuration":{"c":"{{ b }}"},"variables":{"properties":{${text}"z":{}}}}}`,
    `"${'k'.repeat(2000)}":{},`,
  ],
  [
    'a name of a pool',
    '/deployments/',
    (text) => `{"name":"a","flow_id":"00000000-0000-0000-0000-000000000000","work_pool_name":"${text}"}`,
    'p',
  ],
  [
    'a name of a queue',
    '/deployments/',
    (text) => `{"name":"a","flow_id":"00000000-0000-0000-0000-000000000000","work_queue_name":"${text}"}`,
    '/',
  ],
];

test('the answer to an invalid request is bounded, whatever is wrong at whatever length', async () => {
  for (const [what, url, around, piece] of wrong) {
    const answer = await send(url, around(piece.repeat(Math.floor(megabytes / piece.length))));
    assert.ok(answer.statusCode >= 400 && answer.statusCode < 500, `${what}: ${answer.statusCode}`);
    assert.ok(answer.rawPayload.length < most, `${what}: ${answer.rawPayload.length} bytes`);
    assert.ok(JSON.parse(answer.body), what);
  }
});

test('the beginning of a body that is not JSON is shown', async () => {
  const answer = await send('/flows/', 'x'.repeat(megabytes), 'POST', 'text/plain');
  assert.equal(answer.statusCode, 422);
  assert.equal(answer.json().request_body, `${'x'.repeat(1000)}... (${megabytes} bytes)`);
});

test('a body of ordinary size is shown unchanged', async () => {
  const body = { name: 'a'.repeat(60_000), tags: 1 };
  assert.deepEqual((await send('/flows/', JSON.stringify(body))).json().request_body, body);
  const text = `{"name": "${'a'.repeat(60_000)}"`;
  const { request_body, exception_detail } = (await send('/flows/', text)).json();
  assert.deepEqual([request_body, exception_detail[0].ctx.doc], [text, text]);
  const large = JSON.stringify({ name: 'a'.repeat(70_000), tags: 1 });
  assert.equal(
    (await send('/flows/', large)).json().request_body,
    `${large.slice(0, 1000)}... (${large.length} bytes)`,
  );
});

test('a refused request has at most 1,000 errors, of at most a megabyte', async () => {
  const complaints = async (url: string, body: string) => (await send(url, body)).json().exception_detail;
  assert.equal((await complaints('/logs/', `[${'0,'.repeat(5000)}0]`)).length, 1000);
  assert.equal((await complaints('/logs/', `[${'0,'.repeat(998)}0]`)).length, 999);
  const keys = Array.from({ length: 5000 }, (_, index) => `"key ${index}":1`).join(',');
  assert.equal((await complaints('/flows/', `{"name":"a",${keys}}`)).length, 1000);
  const long = Array.from({ length: 1200 }, (_, index) => `"${String(index).padEnd(1000, 'k')}":1`).join(',');
  const some = (await complaints('/flows/', `{"name":"a",${long}}`)).length;
  assert.ok(some > 900 && some < 1000, `${some}`);
});

test('a long text in a message is truncated, with its length', async () => {
  const name = `/${'a'.repeat(5000)}`;
  const [{ msg }] = (await send('/flows/', JSON.stringify({ name }))).json().exception_detail;
  assert.ok(
    msg.startsWith(`Name '/${'a'.repeat(999)}... (5001 characters)' contains an invalid character.`),
    msg,
  );
  const key = 'k'.repeat(5000);
  const [{ loc }] = (await send('/flows/', JSON.stringify({ name: 'a', [key]: 1 }))).json().exception_detail;
  assert.deepEqual(loc, ['body', `${'k'.repeat(1000)}... (5000 characters)`]);
});

test('a long message is truncated, with its length', async () => {
  const detail = async (length: number) => {
    // The message names each variable, shortened.
    const names = Object.fromEntries(Array.from({ length }, (_, index) => [`${index}`.padEnd(900, 'v'), {}]));
    const base_job_template = { job_configuration: { c: '{{ a }}' }, variables: { properties: names } };
    const { exception_detail } = (
      await send('/work_pools/', JSON.stringify({ name: 'a', base_job_template }))
    ).json();
    return exception_detail[0].msg;
  };
  assert.match(await detail(10), /'}$/);
  const long = await detail(12);
  assert.match(long, /^.{10000}\.\.\. \(\d+ characters\)$/);
});
