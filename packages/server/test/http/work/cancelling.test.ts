import assert from 'node:assert/strict';
import { addSeconds, type StateType } from '@mintaka/contract';
import { endStuckCancellations } from '../../../src/domain/upkeep/stuck-cancellations.ts';
import { type Deployments, onEachDialect } from '../deployments/deployments.ts';

/** A pool with one slot, a deployment in it, and functions for its runs. */
async function narrowPool(app: Deployments, name: string) {
  await app.send('POST', '/api/work_pools/', { name, concurrency_limit: 1 });
  const { body: deployment } = await app.save({
    name,
    work_pool_name: name,
    work_queue_name: `${name} queue`,
  });
  const path = (run: string) => `/api/flow_runs/${run}`;
  return {
    /** Creates a scheduled run. */
    run: async (state: object = { type: 'SCHEDULED' }): Promise<string> =>
      (await app.send('POST', `/api/deployments/${deployment.id}/create_flow_run`, { state })).body.id,
    set: async (run: string, type: StateType, force = false) =>
      (await app.send('POST', `${path(run)}/set_state`, { state: { type }, force })).body,
    read: async (run: string) => (await app.send('GET', path(run))).body,
    change: (run: string, body: object) => app.send('PATCH', path(run), body),
    poll: async (): Promise<string[]> => {
      const { body } = await app.send('POST', `/api/work_pools/${name}/get_scheduled_flow_runs`, {});
      return body.map((handed: { flow_run: { id: string } }) => handed.flow_run.id);
    },
  };
}

const notice = 'The run has no process to stop and was cancelled at once.';

onEachDialect('cancelling runs of work queues', (it) => {
  it('a run that is cancelled before it is claimed is cancelled immediately and blocks no others', async (app) => {
    const pool = await narrowPool(app, 'cancelled early');
    const [first, second] = [await pool.run(), await pool.run()];
    const answer = await pool.set(first, 'CANCELLING');
    assert.deepEqual(
      [answer.status, answer.details.reason, answer.state.type],
      ['REJECT', notice, 'CANCELLED'],
    );
    const run = await pool.read(first);
    assert.deepEqual([run.state_type, run.end_time], ['CANCELLED', run.state.timestamp]);
    assert.deepEqual(await pool.poll(), [second]);
    assert.equal((await pool.set(second, 'PENDING')).status, 'ACCEPT');
    assert.deepEqual(await pool.poll(), []);
  });

  it('a cancelling run holds its slot if it was claimed, whether or not it has a process', async (app) => {
    const pool = await narrowPool(app, 'claimed');
    const [claimed] = [await pool.run(), await pool.run()];
    await pool.set(claimed, 'PENDING');
    assert.equal((await pool.set(claimed, 'CANCELLING')).state.type, 'CANCELLING');
    assert.deepEqual(await pool.poll(), []);
    await pool.change(claimed, { infrastructure_pid: 'host:1' });
    assert.deepEqual(await pool.poll(), []);
    await pool.set(claimed, 'CANCELLED');
    assert.equal((await pool.poll()).length, 1);
  });

  it('a cancelling run that was never claimed holds no slot, in whatever way it was created', async (app) => {
    const pool = await narrowPool(app, 'unclaimed');
    const waiting = await pool.run();
    const created = await pool.run({ type: 'CANCELLING' });
    // As Prefect's own server leaves it.
    const forced = await pool.run();
    await pool.set(forced, 'CANCELLING', true);
    for (const run of [created, forced]) assert.equal((await pool.read(run)).state_type, 'CANCELLING');
    assert.deepEqual(await pool.poll(), [waiting]);
    const { body: queues } = await app.send('POST', '/api/work_pools/unclaimed/queues/filter', {});
    const queue = queues.find(({ name }: { name: string }) => name === 'unclaimed queue');
    await app.send('PATCH', '/api/work_pools/unclaimed/queues/unclaimed%20queue', { concurrency_limit: 1 });
    assert.deepEqual(await pool.poll(), [waiting]);
    const byName = await app.send('POST', `/api/work_queues/${queue.id}/get_runs`, {});
    assert.deepEqual(
      byName.body.map(({ id }: { id: string }) => id),
      [waiting],
    );
    assert.equal((await pool.set(waiting, 'PENDING')).status, 'ACCEPT');
  });

  it('a queue with a filter does not count runs that were cancelled before they were claimed', async (app) => {
    const { body: deployment } = await app.save({ name: 'filtered', tags: ['filtered'] });
    const filter = { deployment_ids: [deployment.id] };
    const body = { name: 'of the old kind', filter, concurrency_limit: 1 };
    const { body: queue } = await app.send('POST', '/api/work_queues/', body);
    const make = (type: StateType) =>
      app.send('POST', `/api/deployments/${deployment.id}/create_flow_run`, { state: { type } });
    const polled = async () =>
      (await app.send('POST', `/api/work_queues/${queue.id}/get_runs`, {})).body.length;
    await make('SCHEDULED');
    await make('CANCELLING');
    assert.equal(await polled(), 1);
    await make('PENDING');
    assert.equal(await polled(), 0);
  });

  it('a cancelling run is cancelled and releases its slot when its process reports any final state', async (app) => {
    const pool = await narrowPool(app, 'ended');
    const [run, next] = [await pool.run(), await pool.run()];
    for (const type of ['PENDING', 'RUNNING', 'CANCELLING'] as const) await pool.set(run, type);
    await pool.change(run, { infrastructure_pid: 'host:2' });
    assert.deepEqual(await pool.poll(), []);
    const { status, state } = await pool.set(run, 'COMPLETED');
    assert.deepEqual([status, state.type], ['REJECT', 'CANCELLED']);
    assert.deepEqual(await pool.poll(), [next]);
  });

  it('the clean-up ends cancellations that no process will end, and no others', async (app) => {
    const pool = await narrowPool(app, 'stuck');
    const unclaimed = await pool.run();
    await pool.set(unclaimed, 'CANCELLING', true);
    const claimed = await pool.run();
    const running = await pool.run();
    for (const type of ['PENDING', 'CANCELLING'] as const) await pool.set(claimed, type);
    for (const type of ['PENDING', 'RUNNING', 'CANCELLING'] as const) await pool.set(running, type, true);
    const outside = await app.send('POST', '/api/flow_runs/', {
      flow_id: app.flowId,
      state: { type: 'CANCELLING' },
    });
    const states = async () => {
      const runs = await Promise.all([unclaimed, claimed, running, outside.body.id].map(pool.read));
      return runs.map((run) => run.state_type);
    };
    const failing = (run: string, error: unknown) => assert.fail(`${run}: ${error}`);
    await endStuckCancellations(app.context, failing);
    assert.deepEqual(await states(), ['CANCELLED', 'CANCELLING', 'CANCELLING', 'CANCELLING']);
    const later = { now: () => addSeconds(app.context.clock.now(), 601) };
    await endStuckCancellations({ ...app.context, clock: later }, failing);
    assert.deepEqual(await states(), ['CANCELLED', 'CANCELLED', 'CANCELLING', 'CANCELLING']);
    assert.equal(await endStuckCancellations({ ...app.context, clock: later }, failing), 0);
  });
});
