import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { hourly, onEachDialect } from '../deployments/deployments.ts';

onEachDialect('a deletion over the API', (it) => {
  it('deletes the logs of a run, and keeps those of others', async (app) => {
    const run = async () =>
      (await app.send('POST', '/api/flow_runs/', { flow_id: app.flowId, state: { type: 'RUNNING' } })).body
        .id;
    const [gone, kept] = [await run(), await run()];
    const taskRun = { flow_run_id: kept, task_key: 'key', dynamic_key: 'key' };
    const task = (await app.send('POST', '/api/task_runs/', taskRun)).body.id;
    const line = (flow_run_id: string, task_run_id: string | null) => {
      const timestamp = '2026-01-01T00:00:00+00:00';
      return { name: 'log', level: 20, message: 'line', timestamp, flow_run_id, task_run_id };
    };
    const logs = [line(gone, null), line(kept, null), line(kept, task)];
    assert.equal((await app.send('POST', '/api/logs/', logs)).status, 201);
    const count = async () => {
      const filter = { logs: { flow_run_id: { any_: [gone, kept] } } };
      return (await app.send('POST', '/api/logs/filter', filter)).body.length;
    };
    assert.equal(await count(), 3);
    assert.equal((await app.send('DELETE', `/api/flow_runs/${gone}`)).status, 204);
    assert.equal(await count(), 2);
    assert.equal((await app.send('DELETE', `/api/task_runs/${task}`)).status, 204);
    assert.equal(await count(), 1);
  });

  it('keeps the other runs of a deployment, without the reference', async (app) => {
    const { id } = (await app.save({ name: 'gone', schedule: hourly })).body;
    await app.send('POST', `/api/deployments/${id}/schedule`, {});
    const begun = (
      await app.send('POST', `/api/deployments/${id}/create_flow_run`, { state: { type: 'RUNNING' } })
    ).body.id;
    const scheduled = (await app.runsOf(id)).filter((run) => run.id !== begun);
    assert.ok(scheduled.length > 0);
    assert.equal((await app.send('DELETE', `/api/deployments/${id}`)).status, 204);
    assert.equal((await app.send('GET', `/api/flow_runs/${begun}`)).body.deployment_id, null);
    for (const run of scheduled) {
      assert.equal((await app.send('GET', `/api/flow_runs/${run.id}`)).status, 404);
    }
  });

  it('refuses a queue that an agent has polled, before any run is changed', async (app) => {
    const pool = randomUUID();
    await app.send('POST', '/api/work_pools/', { name: pool, type: 'process' });
    const queue = (await app.send('POST', `/api/work_pools/${pool}/queues`, { name: 'queue' })).body.id;
    const run = (await app.send('POST', '/api/flow_runs/', { flow_id: app.flowId })).body.id;
    await app.context.database.transaction(async (session) => {
      session.send(session.sql.insertInto('agent').values({ name: pool, work_queue_id: queue }));
      session.send(session.sql.updateTable('flow_run').set({ work_queue_id: queue }).where('id', '=', run));
    });
    const paths = [`work_queues/${queue}`, `work_pools/${pool}/queues/queue`, `work_pools/${pool}`];
    for (const path of paths) assert.equal((await app.send('DELETE', `/api/${path}`)).status, 409, path);
    assert.equal((await app.send('GET', `/api/flow_runs/${run}`)).body.work_queue_name, 'queue');
  });
});
