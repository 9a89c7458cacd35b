import assert from 'node:assert/strict';
import { addSeconds, JSON_NULL, NO_STATE_DETAILS, type StateType, type Timestamp } from '@mintaka/contract';
import { inEachWorld, noon, type World } from '@mintaka/testing/worlds';
import type { Context } from '../../../src/domain/context.ts';
import { saveDeployment } from '../../../src/domain/deployments/save.ts';
import { createFlowRun, deleteFlowRun, readFlowRun } from '../../../src/domain/runs/flow-runs.ts';
import { setFlowRunState } from '../../../src/domain/state-changes/set-flow-run-state.ts';
import { createPoolPolls } from '../../../src/domain/work-pools/pool-polls.ts';
import { readPoolQueue } from '../../../src/domain/work-pools/pool-queues.ts';
import { pollWorkQueue } from '../../../src/domain/work-pools/queue-polls.ts';
import { createWorkPool } from '../../../src/domain/work-pools/work-pools.ts';
import { createWorkQueue } from '../../../src/domain/work-pools/work-queues.ts';

const silent = { poolPolled: () => {}, queuePolled: () => {} };
const delay = 35;

/**
 * A deployment in a pool, and functions of a process, agents, workers and people for its runs; time only moves on request.
 */
async function deployed(world: World) {
  let now = noon;
  const context: Context = { ...world.context, clock: { now: () => now } };
  const { flowId: flow_id } = world;
  await createWorkPool(context, { name: 'pool', type: 'process' });
  const place = { work_pool_name: 'pool', work_queue_name: 'queue' };
  const { value: deployment } = await saveDeployment(context, { flow_id, name: 'd', ...place });
  const queueId = (await readPoolQueue(context, { pool: 'pool', queue: 'queue' })).id;
  const filter = { tags: [], deployment_ids: [deployment.id] };
  const filtered = await createWorkQueue(context, { name: 'filtered', filter });
  const retries = { retries: 1, retry_delay: delay, max_retries: 0, retry_delay_seconds: 0 };
  const set = async (flowRunId: string, type: StateType, rest: object = {}, force = false) => {
    now = addSeconds(now, 0.001);
    return setFlowRunState(context, { flowRunId, proposal: { type, ...rest }, force, apiVersion: null });
  };
  const create = async (scheduled_time: Timestamp = now): Promise<string> => {
    const details = { ...NO_STATE_DETAILS, scheduled_time };
    const state = {
      type: 'SCHEDULED',
      name: null,
      message: null,
      data: JSON_NULL,
      state_details: details,
    } as const;
    const empirical_policy = { ...retries, pause_keys: [], resuming: false };
    const queue = { work_queue_id: queueId, work_queue_name: 'queue' };
    const run = { flow_id, deployment_id: deployment.id, state, empirical_policy, ...queue };
    return (await createFlowRun(context, run, null)).value.id;
  };
  const poll = createPoolPolls(context);
  return {
    context,
    set,
    create,
    /** Moves the time. */
    pass: (seconds: number) => {
      now = addSeconds(now, seconds);
    },
    /** Creates a run whose process failed and waits for its retry. */
    failing: async () => {
      const id = await create();
      for (const type of ['PENDING', 'RUNNING'] as const) await set(id, type);
      const { status, state } = await set(id, 'FAILED', { message: 'broken' });
      assert.deepEqual([status, state?.name], ['REJECT', 'AwaitingRetry']);
      return id;
    },
    /** What workers and agents get, from the pool, by the queue's name and from a queue with a filter. */
    handed: async () => {
      const byPool = (await poll(silent, 'pool', {})).map(({ flow_run }) => flow_run.id);
      const scheduled_before = addSeconds(now, 3600);
      for (const id of [queueId, filtered.id]) {
        const runs = await pollWorkQueue(context, silent, {
          queueId: id,
          body: { scheduled_before },
          isLook: false,
        });
        assert.deepEqual(
          runs.map((run) => run.id),
          byPool,
        );
      }
      return byPool;
    },
  };
}

inEachWorld('a run that waits for a retry in its own process', (it) => {
  it('is reserved for it until a minute after it is due, and then handed out', async (world) => {
    const { failing, handed, set, pass } = await deployed(world);
    const run = await failing();
    for (const seconds of [0, delay, 59]) {
      pass(seconds);
      assert.deepEqual(await handed(), []);
      const { status, details } = await set(run, 'PENDING');
      const reason =
        'The run waits for its retry in its own process; it can be claimed 60 seconds after the retry is due.';
      assert.deepEqual([status, details], ['ABORT', { type: 'abort_details', reason }]);
    }
    pass(1);
    assert.deepEqual(await handed(), [run]);
    assert.equal((await set(run, 'PENDING')).status, 'ACCEPT');
  });

  it('continues in its process as usual', async (world) => {
    const { failing, handed, set, pass } = await deployed(world);
    const run = await failing();
    const early = await set(run, 'RUNNING');
    assert.deepEqual([early.status, Object(early.details).delay_seconds], ['WAIT', delay]);
    pass(delay);
    assert.equal((await set(run, 'RUNNING')).status, 'ACCEPT');
    assert.equal((await set(run, 'FAILED')).status, 'ACCEPT');
    assert.deepEqual(await handed(), []);
  });

  it('is handed out when it is rescheduled, after its end or by force', async (world) => {
    const { failing, handed, set, pass } = await deployed(world);
    const again = { name: 'AwaitingRetry' };
    const ended = await failing();
    await set(ended, 'CRASHED');
    assert.equal((await set(ended, 'SCHEDULED', again)).status, 'ACCEPT');
    const waiting = await failing();
    await set(waiting, 'SCHEDULED', again, true);
    const running = await failing();
    pass(delay);
    await set(running, 'RUNNING');
    await set(running, 'SCHEDULED', again, true);
    assert.deepEqual(new Set(await handed()), new Set([ended, waiting, running]));
    for (const run of [ended, waiting, running]) assert.equal((await set(run, 'PENDING')).status, 'ACCEPT');
  });

  it('does not block others, and leaves no row behind', async (world) => {
    const { context, failing, create, handed, set, pass } = await deployed(world);
    const notes = async () => {
      const rows = await context.database.read((session) =>
        session.all(session.sql.selectFrom('mintaka_waiting_retry').select('run_id')),
      );
      return rows.map(({ run_id }) => run_id);
    };
    const [waiting, deleted, next] = [await failing(), await failing(), await create()];
    assert.deepEqual(await handed(), [next]);
    assert.equal((await set(next, 'PENDING')).status, 'ACCEPT');
    await deleteFlowRun(context, deleted);
    pass(delay);
    await set(waiting, 'RUNNING');
    assert.equal((await readFlowRun(context, waiting)).run_count, 2);
    assert.deepEqual(await notes(), []);
    const lost = await failing();
    await context.database.transaction((session) =>
      session.run(session.sql.updateTable('flow_run').set({ state_name: 'Lost' }).where('id', '=', lost)),
    );
    await set(lost, 'CANCELLED');
    pass(90_000);
    const last = await failing();
    assert.deepEqual(await notes(), [last], 'rows that were not removed are deleted after a day');
  });
});
