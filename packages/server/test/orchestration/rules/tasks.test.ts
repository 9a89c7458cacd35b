import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonText, NO_STATE_DETAILS } from '@mintaka/contract';
import { emptyWorld, inState, now, proposeForTask } from '../setup.ts';

const running = { type: 'RUNNING' } as const;
const keyed = { type: 'RUNNING', state_details: { cache_key: 'k' } } as const;

function worldWithCache() {
  const world = emptyWorld();
  const state_details = { ...NO_STATE_DETAILS, cache_key: 'k', task_run_id: 'other', flow_run_id: 'other' };
  world.cache.set('k', {
    type: 'COMPLETED',
    name: 'Completed',
    message: 'done',
    data: jsonText({ r: 1 }),
    state_details,
  });
  return world;
}

test('a task whose result is cached gets it instead of running, even if its flow run is not running', async () => {
  const world = worldWithCache();
  const flowRun = { run_count: 1, state_type: null };
  const result = await proposeForTask({ current: inState('PENDING'), proposal: keyed, flowRun }, world);
  assert.deepEqual(result.details, { type: 'reject_details', reason: 'Retrieved state from cache' });
  const { id, ...state } = result.state ?? { id: '' };
  assert.notEqual(id, '');
  assert.deepEqual(state, {
    type: 'COMPLETED',
    name: 'Cached',
    timestamp: now,
    message: 'done',
    data: jsonText({ r: 1 }),
    state_details: { ...NO_STATE_DETAILS, cache_key: 'k', task_run_id: 't', flow_run_id: 'f' },
  });
  assert.deepEqual(world.cached, []);
});

test('the cache is not read without a key, nor if it should be refreshed', async () => {
  const world = worldWithCache();
  const refresh = { type: 'RUNNING', state_details: { cache_key: 'k', refresh_cache: true } } as const;
  for (const proposal of [running, refresh, { type: 'RUNNING', state_details: { cache_key: '' } } as const]) {
    const { status } = await proposeForTask({ current: inState('PENDING'), proposal }, world);
    assert.equal(status, 'ACCEPT');
  }
  assert.deepEqual(world.calls, []);
});

test('a task whose result is not cached runs', async () => {
  const { state } = await proposeForTask({ current: inState('PENDING'), proposal: keyed });
  assert.equal(state?.type, 'RUNNING');
});

test('a completed state with a key is added to the cache under its own id, unless forced', async () => {
  const world = emptyWorld();
  const proposal = {
    type: 'COMPLETED',
    state_details: { cache_key: 'k', cache_expiration: now },
  } as const;
  const { state } = await proposeForTask({ current: inState('RUNNING'), proposal }, world);
  assert.deepEqual(world.cached, [{ cache_key: 'k', cache_expiration: now, task_run_state_id: state?.id }]);
  await proposeForTask({ current: inState('RUNNING'), proposal, force: true }, world);
  await proposeForTask({ current: inState('RUNNING'), proposal: { type: 'COMPLETED' } }, world);
  assert.equal(world.cached.length, 1);
});

test('a failed task that runs in a new attempt of its flow counts its own retries from zero', async () => {
  const flowRun = { run_count: 2, state_type: 'RUNNING' } as const;
  const run = { run_count: 4, flow_run_run_count: 1 };
  const result = await proposeForTask({ current: inState('FAILED'), proposal: running, run, flowRun });
  assert.equal(result.state?.name, 'Retrying');
  assert.equal(result.patch.run_count, 1);
  assert.equal(result.patch.flow_run_run_count, 2);
});

test('if it cannot run after all, its count is unchanged', async () => {
  const run = { run_count: 4, flow_run_run_count: 1 };
  const paused = { run_count: 2, state_type: 'PAUSED' } as const;
  const result = await proposeForTask({
    current: inState('FAILED'),
    proposal: running,
    run,
    flowRun: paused,
  });
  assert.equal(result.state?.name, 'NotReady');
  assert.equal(result.patch.run_count, undefined);
  assert.equal(result.run.run_count, 4);
});

test('a task that runs again has a special state name, whatever name was proposed', async () => {
  const nameAfter = async (previous: string, run_count: number) => {
    const current = inState('SCHEDULED', {}, previous);
    const { state } = await proposeForTask({
      current,
      proposal: { ...running, name: 'Mine' },
      run: { run_count },
    });
    return state?.name;
  };
  assert.equal(await nameAfter('AwaitingRetry', 1), 'Retrying');
  assert.equal(await nameAfter('Late', 1), 'Rerunning');
  assert.equal(await nameAfter('AwaitingRetry', 0), 'Mine');
});
