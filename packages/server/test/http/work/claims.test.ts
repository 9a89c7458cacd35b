import assert from 'node:assert/strict';
import { type DialectApp, inEachApp } from '@mintaka/testing/dialect-apps';

inEachApp('claims of runs in work queues', (it) => {
  async function makeRuns({ send, context }: DialectApp, queueIds: readonly string[]): Promise<string[]> {
    const flow = await send('POST', '/api/flows/', { name: 'claimed' });
    const runs: string[] = [];
    for (const work_queue_id of queueIds) {
      const body = { flow_id: flow.body.id, state: { type: 'SCHEDULED' } };
      const run = (await send('POST', '/api/flow_runs/', body)).body.id;
      await context.database.transaction((session) =>
        session.run(session.sql.updateTable('flow_run').set({ work_queue_id }).where('id', '=', run)),
      );
      runs.push(run);
    }
    return runs;
  }

  async function claimAll({ send }: DialectApp, runs: readonly string[]): Promise<Record<string, number>> {
    const claims = runs.map((run) =>
      send('POST', `/api/flow_runs/${run}/set_state`, { state: { type: 'PENDING' } }),
    );
    const counts: Record<string, number> = {};
    for (const { body } of await Promise.all(claims)) {
      const said = [body.status, body.details.reason].filter(Boolean).join(': ');
      counts[said] = (counts[said] ?? 0) + 1;
    }
    return counts;
  }

  it('only as many concurrent claims succeed as the pool has slots, over all its queues', async (server) => {
    const { send } = server;
    const pool = await send('POST', '/api/work_pools/', { name: 'narrow', concurrency_limit: 3 });
    const queue = await send('POST', '/api/work_pools/narrow/queues', { name: 'other' });
    const queues = [pool.body.default_queue_id, queue.body.id];
    const runs = await makeRuns(server, [...queues, ...queues, ...queues, ...queues]);
    assert.deepEqual(await claimAll(server, runs), {
      ACCEPT: 3,
      'ABORT: The concurrency limit of 3 on work pool "narrow" has been reached.': 5,
    });
  });

  it('the limit of a queue applies only to the queue, and a run that ends releases its slot', async (server) => {
    const { send } = server;
    const pool = await send('POST', '/api/work_pools/', { name: 'wide' });
    const queue = await send('POST', '/api/work_pools/wide/queues', {
      name: 'narrow',
      concurrency_limit: 1,
    });
    const open = await makeRuns(server, [pool.body.default_queue_id, pool.body.default_queue_id]);
    assert.deepEqual(await claimAll(server, open), { ACCEPT: 2 });
    const [first = '', second = ''] = await makeRuns(server, [queue.body.id, queue.body.id]);
    assert.deepEqual(await claimAll(server, [first]), { ACCEPT: 1 });
    const refused = { 'ABORT: The concurrency limit of 1 on work queue "narrow" has been reached.': 1 };
    assert.deepEqual(await claimAll(server, [second]), refused);
    await send('POST', `/api/flow_runs/${first}/set_state`, { state: { type: 'COMPLETED' } });
    assert.deepEqual(await claimAll(server, [second]), { ACCEPT: 1 });
  });
});
