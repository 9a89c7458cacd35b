import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DialectApp, dialectApp, dialects } from '@mintaka/testing/dialect-apps';
import pino from 'pino';
import { createMetrics } from '../../src/metrics.ts';
import { loop } from '../../src/services/loop.ts';

/** The value of each sample on a page, by its name and labels. */
function samples(text: string): Map<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const space = line.lastIndexOf(' ');
      return [line.slice(0, space), Number(line.slice(space + 1))];
    }),
  );
}

async function scrape(app: DialectApp): Promise<Map<string, number>> {
  const answer = await app.app.inject({ url: '/metrics' });
  assert.equal(answer.statusCode, 200);
  assert.match(`${answer.headers['content-type']}`, /^text\/plain; version=0\.0\.4/);
  return samples(answer.body);
}

async function makeRun(app: DialectApp, flowId: string, state: object): Promise<string> {
  const made = await app.send('POST', '/api/flow_runs/', { flow_id: flowId, state });
  return made.body.id;
}

for (const dialect of dialects) {
  test(`the metrics of ${dialect} include requests, states, starts, commits and waiting runs`, async (t) => {
    const app = await dialectApp(dialect);
    if (app === undefined) return t.skip('no Postgres here');
    t.after(() => app.close());
    const flow = await app.send('POST', '/api/flows/', { name: 'measured' });
    const past = { type: 'SCHEDULED', state_details: { scheduled_time: '2020-01-01T00:00:00Z' } };
    const started = await makeRun(app, flow.body.id, past);
    await makeRun(app, flow.body.id, past);
    await makeRun(app, flow.body.id, { ...past, name: 'Late' });
    await makeRun(app, flow.body.id, {
      type: 'SCHEDULED',
      state_details: { scheduled_time: '2999-01-01T00:00:00Z' },
    });
    const running = { state: { type: 'RUNNING' } };
    await app.send('POST', `/api/flow_runs/${started}/set_state`, running);
    await app.send('POST', `/api/flow_runs/${started}/set_state`, running);
    await app.send('GET', '/api/flow_runs/none-such');
    await app.send('GET', '/nowhere/at/all');

    const found = await scrape(app);
    const requests = (labels: string) => found.get(`mintaka_http_request_duration_seconds_count{${labels}}`);
    assert.equal(requests('method="POST",route="/api/flow_runs/",status="201"'), 4);
    assert.equal(requests('method="GET",route="/api/flow_runs/:id",status="422"'), 1);
    assert.equal(requests('method="GET",route="none",status="404"'), 1);
    const states = (labels: string) => found.get(`mintaka_state_changes_total{${labels}}`);
    assert.equal(states('kind="flow_run",state_type="SCHEDULED",status="ACCEPT"'), 4);
    assert.equal(states('kind="flow_run",state_type="RUNNING",status="ACCEPT"'), 1);
    assert.equal(states('kind="flow_run",state_type="RUNNING",status="ABORT"'), 1);
    assert.equal(found.get('mintaka_run_start_lateness_seconds_count{kind="flow_run"}'), 1);
    const lateness = found.get('mintaka_run_start_lateness_seconds_sum{kind="flow_run"}');
    assert.ok((lateness ?? 0) > 86_400 * 365, `late by ${lateness} s`);
    assert.equal(found.get('mintaka_waiting_flow_runs{state="due"}'), 1);
    assert.equal(found.get('mintaka_waiting_flow_runs{state="late"}'), 1);
    assert.ok((found.get('mintaka_database_commit_duration_seconds_count') ?? 0) >= 6);
    assert.ok((found.get('mintaka_database_commit_transactions_sum') ?? 0) >= 6);
  });

  test(`the metrics of ${dialect} count polls with the runs that they return, and ignore reads by the pages`, async (t) => {
    const app = await dialectApp(dialect);
    if (app === undefined) return t.skip('no Postgres here');
    t.after(() => app.close());
    await app.send('POST', '/api/work_pools/', { name: 'pool', type: 'process' });
    const queue = await app.send('POST', '/api/work_queues/', { name: 'queue' });
    const flow = await app.send('POST', '/api/flows/', { name: 'measured' });
    const deployment = { name: 'd', flow_id: flow.body.id, work_queue_name: 'queue' };
    const { body: deployed } = await app.send('POST', '/api/deployments/', deployment);
    await app.send('POST', `/api/deployments/${deployed.id}/create_flow_run`, {
      state: { type: 'SCHEDULED' },
    });
    const poll = `/api/work_queues/${queue.body.id}/get_runs`;
    assert.equal((await app.send('POST', poll, {})).body.length, 1);
    await app.send('POST', poll, {}, { 'x-prefect-ui': 'true' });
    await app.send('POST', '/api/work_pools/pool/get_scheduled_flow_runs', {});

    const found = await scrape(app);
    assert.equal(found.get('mintaka_dispatch_duration_seconds_count{source="work_queue"}'), 1);
    assert.equal(found.get('mintaka_dispatched_runs_total{source="work_queue"}'), 1);
    assert.equal(found.get('mintaka_dispatch_duration_seconds_count{source="work_pool"}'), 1);
    assert.equal(found.get('mintaka_dispatched_runs_total{source="work_pool"}'), 0);
  });

  test(`${dialect} does not count states that were rolled back`, async (t) => {
    const app = await dialectApp(dialect);
    if (app === undefined) return t.skip('no Postgres here');
    t.after(() => app.close());
    let told = 0;
    const { database } = app.context;
    const failing = database.transaction(async (session) => {
      session.afterCommit(() => {
        told += 1;
      });
      throw new Error('on purpose');
    });
    await assert.rejects(failing, /on purpose/);
    assert.equal(told, 0);
    await database.transaction(async (session) =>
      session.afterCommit(() => {
        told += 1;
      }),
    );
    assert.equal(told, 1);
  });
}

test('rounds of loops are counted by loop, and failed ones separately', async () => {
  const metrics = createMetrics();
  const rounds = Promise.withResolvers<void>();
  let count = 0;
  const service = loop({
    name: 'a loop',
    seconds: 0,
    log: pino({ level: 'silent' }),
    observer: metrics,
    runOnce: async () => {
      count += 1;
      if (count === 3) rounds.resolve();
      if (count < 3) throw new Error('on purpose');
    },
  });
  service.start();
  await rounds.promise;
  await service.stop();
  const found = samples((await metrics.page(undefined)).text);
  assert.equal(found.get('mintaka_loop_failures_total{loop="a loop"}'), 2);
  assert.ok((found.get('mintaka_loop_round_duration_seconds_count{loop="a loop"}') ?? 0) >= 3);
});

test('metrics are available without a database, except those counted in it', async () => {
  const app = await dialectApp('sqlite');
  assert.ok(app);
  const { database } = app.context;
  await database.administer((connection) => connection.exec('DROP TABLE flow_run'));
  const found = await scrape(app);
  assert.equal(found.has('mintaka_waiting_flow_runs{state="due"}'), false);
  assert.ok(found.has('mintaka_database_commit_duration_seconds_count'));
  await app.close();
});

test('two servers in one process have separate metrics', async () => {
  const [one, two] = [createMetrics(), createMetrics()];
  one.pollAnswered('work_pool', 0.1, 3);
  const count = 'mintaka_dispatched_runs_total{source="work_pool"}';
  assert.equal(samples((await one.page(undefined)).text).get(count), 3);
  assert.equal(samples((await two.page(undefined)).text).get(count), undefined);
});
