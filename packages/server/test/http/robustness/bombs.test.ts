import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { spawnServer } from '@mintaka/testing/server-process';

/** The timeout of one request, in milliseconds: far more than any of these takes. */
const patience = 30_000;

const server = spawnServer({
  MINTAKA_DATABASE_CONNECTION_URL: 'sqlite://',
  MINTAKA_PROFILES_PATH: '/dev/null',
});
let api: string;
let flow: string;
let deployment: string;
before(async () => {
  api = `${await server.url}/api`;
  flow = await made('/flows/', { name: 'bombed' });
  deployment = await made('/deployments/', { name: 'bombed', flow_id: flow });
});
after(async () => {
  server.child.kill('SIGKILL');
  await server.ended;
});

function send(method: string, path: string, body: string): Promise<Response> {
  return fetch(`${api}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body,
    signal: AbortSignal.timeout(patience),
  });
}

async function made(path: string, body: object): Promise<string> {
  const answer = (await (await send('POST', path, JSON.stringify(body))).json()) as { id: string };
  return answer.id;
}

/** Sends an expensive request, followed by a health check; both must be answered. */
async function survives(method: string, path: string, body: string): Promise<number> {
  const answer = send(method, path, body);
  const health = await fetch(`${api}/health`, { signal: AbortSignal.timeout(patience) });
  assert.equal(await health.text(), 'true');
  const { status } = await answer;
  assert.ok(status < 500, `${method} ${path} ${body.slice(0, 100)}: ${status}`);
  return status;
}

async function follows(schedule: object): Promise<void> {
  const path = `/deployments/${deployment}`;
  if ((await survives('PATCH', path, JSON.stringify({ schedule }))) >= 400) return;
  const range = { start_time: '2020-01-01', end_time: '9999-12-31', min_runs: 100, max_runs: 100 };
  await survives('POST', `${path}/schedule`, JSON.stringify(range));
}

const numbers = (count: number) => [...Array(count).keys()].join(',');
const everySecond = `BYHOUR=${numbers(24)};BYMINUTE=${numbers(60)};BYSECOND=${numbers(60)}`;

test('cron expressions that never match, or are huge, are expanded within limits or refused', async () => {
  const impossible = ['0 0 31 2 *', '0 0 30 2 *', '0 0 31 4,6,9,11 *', '0 0 29 2 1#5', '59 59 23 31 12 *'];
  const huge = [`${'0,'.repeat(50_000)}0 * * * *`, '*/999999999 * * * *', `${'9'.repeat(100_000)} * * * *`];
  for (const cron of [...impossible, ...huge]) await follows({ cron });
});

test('recurrence rules that never match, or match without end, are expanded within limits or refused', async () => {
  const rules = [
    'FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=SECONDLY;COUNT=1000000000',
    'FREQ=SECONDLY;INTERVAL=1000000000000',
    'FREQ=YEARLY;INTERVAL=9999',
    'DTSTART:00010101T000000\nRRULE:FREQ=SECONDLY',
    'DTSTART:99991231T235959\nRRULE:FREQ=SECONDLY',
    'FREQ=SECONDLY;UNTIL=99991231T235959Z;BYYEARDAY=-366;BYMONTH=2',
    'FREQ=DAILY;COUNT=1000000000;BYSETPOS=366',
    `FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;${everySecond};BYSETPOS=-1`,
    'RRULE:FREQ=SECONDLY\nEXRULE:FREQ=SECONDLY',
    'RRULE:FREQ=SECONDLY;BYMONTHDAY=30;BYMONTH=2\n'.repeat(120).trim(),
  ];
  for (const rrule of rules) await follows({ rrule });
});

test('extreme intervals are expanded within limits or refused', async () => {
  for (const interval of [1e-6, 1e15, 1e300]) await follows({ interval });
  await follows({ interval: 1, anchor_date: '0001-01-01T00:00:00Z' });
});

test('patterns of only wildcards, and patterns that are too long, are matched or refused', async () => {
  for (let count = 0; count < 20; count += 1) {
    await send('POST', '/flows/', JSON.stringify({ name: `${'a'.repeat(2000)}${count}` }));
  }
  const patterns = ['%'.repeat(10_000), '%a'.repeat(5000), `${'a%'.repeat(20)}b`, '\\'.repeat(10_000)];
  for (const like_ of [...patterns, '%'.repeat(1_000_000), 'a'.repeat(1_000_000)]) {
    await survives('POST', '/flows/filter', JSON.stringify({ flows: { name: { like_ } } }));
    await survives('POST', '/flow_runs/count', JSON.stringify({ flow_runs: { name: { like_ } } }));
  }
});

test('bodies with 100,000 levels are refused', async () => {
  for (const open of ['[', '{"a":', '{"flows":{"operator":"and_","name":']) {
    assert.equal(await survives('POST', '/flows/filter', open.repeat(100_000)), 400);
  }
  const parameters = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
  const run = `{"flow_id":"${flow}","parameters":${parameters}}`;
  assert.equal(await survives('POST', '/flow_runs/', run), 400);
});

test('numbers of any size are stored, or refused', async () => {
  const huge = ['1e400', '-1e400', '9'.repeat(10_000), '1e-400', '123456789012345678901234567890'];
  for (const number of huge) {
    await survives('POST', '/flow_runs/', `{"flow_id":"${flow}","parameters":{"a":${number}}}`);
    await survives('POST', '/flows/filter', `{"limit":${number}}`);
    await survives('POST', '/flows/filter', `{"offset":${number}}`);
    await survives('POST', '/concurrency_limits/', `{"tag":"x","concurrency_limit":${number}}`);
    await survives('POST', '/work_queues/', `{"name":"${number.slice(0, 9)}","concurrency_limit":${number}}`);
    await survives('POST', `/deployments/${deployment}/schedule`, `{"max_runs":${number}}`);
  }
  await survives('POST', '/flow_runs/filter', '{}');
});

test('millions of wrong values do not cause an error each', async () => {
  const many = (item: string) => `[${`${item},`.repeat(300_000)}${item}]`;
  for (const item of ['0', '{}']) {
    const answer = await send('POST', '/logs/', many(item));
    assert.equal(answer.status, 422);
    const { exception_detail } = (await answer.json()) as { exception_detail: unknown[] };
    assert.equal(exception_detail.length, 1000);
  }
  const keys = Array.from({ length: 100_000 }, (_, index) => `"k${index}":1`).join(',');
  assert.equal(await survives('POST', '/flows/', `{${keys}}`), 422);
  const constants = `{"flow_id":"${flow}","parameters":{"a":${many('NaN')}}}`;
  assert.equal(await survives('POST', '/flow_runs/', constants), 201);
});

/** Not far below the largest body. */
const megabytes = 7_500_000;

test('30,000 log lines in one request are stored', async () => {
  const line = {
    name: 'bomb',
    level: 20,
    message: 'boom',
    timestamp: '2026-01-01T00:00:00Z',
    flow_run_id: flow,
  };
  const lines = Array(30_000).fill(JSON.stringify(line)).join(',');
  assert.equal(await survives('POST', '/logs/', `[${lines}]`), 201);
});

test('schemas of any depth are accepted, or refused', async () => {
  const schema = (depth: number) =>
    `${'{"type":"object","properties":{"a":'.repeat(depth)}{"type":"string"}${'}}'.repeat(depth)}`;
  const deployment = (depth: number) =>
    `{"name":"deep ${depth}","flow_id":"${flow}","parameter_openapi_schema":${schema(depth)}}`;
  const pool = (depth: number) =>
    `{"base_job_template":{"job_configuration":{},"variables":${schema(depth)}}}`;
  assert.equal(await survives('POST', '/deployments/', deployment(400)), 201);
  assert.equal(await survives('POST', '/deployments/', deployment(100_000)), 400);
  await survives('PATCH', '/work_pools/default-agent-pool', pool(400));
  assert.ok((await survives('PATCH', '/work_pools/default-agent-pool', pool(100_000))) >= 400);
});

test('templates of megabytes are read within limits', async () => {
  for (const piece of ['{flow_run_name}', '{', '{a:', '}{']) {
    const message_template = piece.repeat(Math.floor(megabytes / piece.length));
    const policy = { state_names: [], tags: [], block_document_id: flow, message_template };
    assert.ok((await survives('POST', '/flow_run_notification_policies/', JSON.stringify(policy))) >= 400);
  }
});

test('date-times of megabytes are refused', async () => {
  const filter = (after_: string) => `{"flow_runs":{"start_time":{"after_":${after_}}}}`;
  const [digits, zeros, spaces] = ['9', '0', ' '].map((letter) => letter.repeat(megabytes));
  const fraction = `"2020-01-01T00:00:00.${zeros}Z"`;
  const refused = [`"${digits}"`, `${digits}`, `"2020-01-01${spaces}00:00:00Z"`, fraction, '1e308'];
  for (const moment of refused)
    assert.equal(await survives('POST', '/flow_runs/filter', filter(moment)), 422);
});

test('durations, zones and rules of megabytes are refused', async () => {
  const digits = '1'.repeat(megabytes);
  const many = (piece: string) => piece.repeat(Math.floor(megabytes / piece.length));
  const schedules = [
    ...[digits, `P${digits}D`, `P${many('1Y')}`, `${digits} days 1:1:1`].map((interval) => ({ interval })),
    { interval: 60, timezone: many('a/') },
    { rrule: `FREQ=DAILY;BYHOUR=${many('1,')}1` },
  ];
  for (const schedule of schedules) {
    assert.equal(await survives('PATCH', `/deployments/${deployment}`, JSON.stringify({ schedule })), 422);
  }
});
