import assert from 'node:assert/strict';
import { type DialectApp, inEachApp } from '@mintaka/testing/dialect-apps';

const agent = '00000000-0000-4000-8000-0000000000a1';

type Answered = { id: string; flow_run: { id: string } };

inEachApp('polls', (it) => {
  /** Creates a run that has been waiting in a queue since the given minute. */
  async function makeRun(
    app: DialectApp,
    queue: { id: string; name: string },
    minute: number,
    tags: string[] = [],
  ) {
    const flow = await app.send('POST', '/api/flows/', { name: 'polled' });
    const state = { type: 'SCHEDULED', state_details: { scheduled_time: `2026-01-01T00:${minute}:00Z` } };
    const { body } = await app.send('POST', '/api/flow_runs/', { flow_id: flow.body.id, state, tags });
    const place = { work_queue_id: queue.id, work_queue_name: queue.name };
    await app.context.database.transaction((session) =>
      session.run(session.sql.updateTable('flow_run').set(place).where('id', '=', body.id)),
    );
    return body.id as string;
  }

  async function setState({ send }: DialectApp, run: string, type: string) {
    return (await send('POST', `/api/flow_runs/${run}/set_state`, { state: { type }, force: true })).body;
  }

  it('a pool returns runs without their state, up to the limit of its queue or its own', async (server) => {
    const { send } = server;
    const pool = await send('POST', '/api/work_pools/', { name: 'pool' });
    const queue = await send('POST', '/api/work_pools/pool/queues', { name: 'fast', priority: 1 });
    const slow = { id: pool.body.default_queue_id, name: 'default' };
    const runs = [
      await makeRun(server, queue.body, 20),
      await makeRun(server, queue.body, 30),
      await makeRun(server, slow, 10),
    ];
    const poll = async (body: object = {}) => {
      const answer = await send('POST', '/api/work_pools/pool/get_scheduled_flow_runs', body);
      assert.equal(answer.status, 200);
      return answer.body.map((handed: Answered) => runs.indexOf(handed.flow_run.id));
    };
    const { body } = await send('POST', '/api/work_pools/pool/get_scheduled_flow_runs', { limit: 1 });
    assert.equal(body[0].work_pool_id, pool.body.id);
    assert.equal(body[0].work_queue_id, queue.body.id);
    assert.equal(body[0].flow_run.state, null);
    assert.equal(body[0].flow_run.work_queue_id, queue.body.id);
    assert.deepEqual(await poll(), [0, 1, 2]);
    assert.deepEqual(await poll({ work_queue_names: [] }), [0, 1, 2]);
    assert.deepEqual(await poll({ work_queue_names: ['default', 'default'] }), [2]);
    assert.deepEqual(await poll({ scheduled_before: '2026-01-01T00:20:00Z' }), [0, 2]);
    assert.deepEqual(await poll({ scheduled_after: '2026-01-01T00:20:00Z' }), [0, 1]);
    await send('PATCH', '/api/work_pools/pool/queues/fast', { concurrency_limit: 1 });
    assert.deepEqual(await poll(), [0, 2]);
    await send('PATCH', '/api/work_pools/pool', { concurrency_limit: 2 });
    await setState(server, runs[0] ?? '', 'PENDING');
    assert.deepEqual(await poll(), [2]);
    await setState(server, runs[0] ?? '', 'CANCELLING');
    assert.deepEqual(await poll(), [2]);
    await send('PATCH', '/api/work_pools/pool', { is_paused: true });
    assert.deepEqual(await poll(), []);
    assert.deepEqual(
      await send('POST', '/api/work_pools/pool/get_scheduled_flow_runs', {
        work_queue_names: ['default', 'no'],
      }),
      { status: 404, body: { detail: "Work pool queue 'pool/no' not found." } },
    );
  });

  it('a queue returns the runs of its name with their states, up to its limit', async (server) => {
    const { send } = server;
    const { body: queue } = await send('POST', '/api/work_queues/', { name: 'by name' });
    const runs = [await makeRun(server, queue, 40), await makeRun(server, queue, 50)];
    const poll = (body: object) => send('POST', `/api/work_queues/${queue.id}/get_runs`, body);
    const { body } = await poll({});
    assert.deepEqual(
      body.map(({ id }: Answered) => id),
      runs,
    );
    assert.equal(body[0].state.type, 'SCHEDULED');
    assert.equal(body[0].work_pool_name, 'default-agent-pool');
    assert.equal((await poll({ scheduled_before: '2026-01-01T00:40:00Z' })).body.length, 1);
    await send('PATCH', `/api/work_queues/${queue.id}`, { concurrency_limit: 1 });
    assert.equal((await poll({})).body.length, 1);
    await setState(server, runs[0] ?? '', 'RUNNING');
    assert.deepEqual((await poll({})).body, []);
  });

  it('a legacy queue returns runs of deployments by their tags, up to its limit', async (server) => {
    const { send } = server;
    const flow = await send('POST', '/api/flows/', { name: 'old' });
    const deployed = { name: 'd', flow_id: flow.body.id, infra_overrides: {} };
    const deployment = await send('POST', '/api/deployments/', deployed);
    const body = { name: 'old kind', filter: { tags: ['wanted'] }, concurrency_limit: 2 };
    const { body: queue } = await send('POST', '/api/work_queues/', body);
    const state = { type: 'SCHEDULED' };
    const make = async (fields: object) => {
      const run = { flow_id: flow.body.id, state, ...fields };
      return (await send('POST', '/api/flow_runs/', run)).body.id;
    };
    await make({ tags: ['wanted'] });
    await make({ tags: ['other'], deployment_id: deployment.body.id });
    const runs: string[] = [];
    for (const tags of [['wanted'], ['wanted', 'other'], ['wanted']]) {
      runs.push(await make({ tags, deployment_id: deployment.body.id }));
    }
    const poll = async () => {
      const answer = await send('POST', `/api/work_queues/${queue.id}/get_runs`, {});
      return answer.body.map(({ id }: Answered) => runs.indexOf(id));
    };
    assert.deepEqual(await poll(), [0, 1]);
    await setState(server, runs[0] ?? '', 'PENDING');
    assert.deepEqual(await poll(), [1]);
    await send('PATCH', `/api/work_queues/${queue.id}`, {
      filter: { deployment_ids: [deployment.body.id] },
    });
    await setState(server, runs[1] ?? '', 'RUNNING');
    assert.deepEqual(await poll(), []);
    await send('PATCH', `/api/work_queues/${queue.id}`, { concurrency_limit: null, is_paused: true });
    assert.deepEqual(await poll(), []);
  });

  it('a queue is healthy while it is polled and no run in it is late', async (server) => {
    const { send } = server;
    const { body: queue } = await send('POST', '/api/work_queues/', { name: 'watched' });
    const status = async () => (await send('GET', `/api/work_queues/${queue.id}/status`)).body;
    assert.deepEqual(await status(), {
      healthy: false,
      late_runs_count: 0,
      last_polled: null,
      health_check_policy: { maximum_late_runs: 0, maximum_seconds_since_last_polled: 60 },
    });
    const changeTo = (last_polled: string) => send('PATCH', `/api/work_queues/${queue.id}`, { last_polled });
    const ago = (milliseconds: number) =>
      Temporal.Now.instant().subtract({ milliseconds }).toString({ fractionalSecondDigits: 6 });
    await changeTo(ago(50_000));
    assert.equal((await status()).healthy, true);
    await changeTo(ago(61_500));
    assert.equal((await status()).healthy, false);
    await changeTo(ago(0));
    const run = await makeRun(server, queue, 10);
    await send('POST', `/api/flow_runs/${run}/set_state`, {
      state: { type: 'SCHEDULED', name: 'Late' },
      force: true,
    });
    assert.deepEqual([(await status()).healthy, (await status()).late_runs_count], [false, 1]);
  });
});

inEachApp('polls that were answered', (it) => {
  it('are recorded before the application is closed, reads by the pages are not', async ({
    send,
    app,
    context,
  }) => {
    const { database } = context;
    const make = async (name: string) => (await send('POST', '/api/work_queues/', { name })).body.id;
    const [polled, looked] = [await make('polled'), await make('looked')];
    for (const name of ['all', 'some']) await send('POST', '/api/work_pools/', { name });
    await send('POST', '/api/work_pools/some/queues', { name: 'named' });
    await send('POST', `/api/work_queues/${polled}/get_runs`, { agent_id: agent });
    await send(
      'POST',
      `/api/work_queues/${looked}/get_runs`,
      { agent_id: agent },
      { 'x-prefect-ui': 'true' },
    );
    await send('POST', '/api/work_pools/all/get_scheduled_flow_runs', {});
    await send('POST', '/api/work_pools/some/get_scheduled_flow_runs', { work_queue_names: ['named'] });
    await app.close(); // the application waits for unrecorded polls
    const [queues, agents] = await database.read(async (session) => [
      await session.all(
        session.sql
          .selectFrom('work_queue')
          .innerJoin('work_pool', 'work_pool.id', 'work_queue.work_pool_id')
          .select(['work_pool.name as pool', 'work_queue.name'])
          .where('last_polled', 'is not', null)
          .orderBy('work_queue.name'),
      ),
      await session.all(session.sql.selectFrom('agent').select(['id', 'work_queue_id'])),
    ]);
    assert.deepEqual(plain(queues), [
      { pool: 'all', name: 'default' },
      { pool: 'some', name: 'named' },
      { pool: 'default-agent-pool', name: 'polled' },
    ]);
    assert.deepEqual(plain(agents), [{ id: agent, work_queue_id: polled }]);
  });
});

/** Rows without the prototype of their driver. */
function plain(rows: readonly object[]): object[] {
  return rows.map((row) => ({ ...row }));
}
