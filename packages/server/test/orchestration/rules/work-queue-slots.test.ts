import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyWorld, inState, proposeForFlow } from '../setup.ts';

const pending = { type: 'PENDING' } as const;
const full = { of: 'work queue', name: 'q', concurrency_limit: 2 } as const;

function fullQueue() {
  const world = emptyWorld();
  world.full.set('queue', full);
  return world;
}

test('a scheduled run cannot be claimed while a limit of its queue or pool is reached', async () => {
  const run = { work_queue_id: 'queue' };
  const result = await proposeForFlow({ run, current: inState('SCHEDULED'), proposal: pending }, fullQueue());
  assert.deepEqual(result.details, {
    type: 'abort_details',
    reason: 'The concurrency limit of 2 on work queue "q" has been reached.',
  });
  assert.equal(result.state, undefined);
  assert.deepEqual(result.patch, {});
});

test('a scheduled run can be claimed if there is a free slot, and without a queue there is no check', async () => {
  const world = fullQueue();
  const current = inState('SCHEDULED');
  const open = await proposeForFlow({ run: { work_queue_id: 'open' }, current, proposal: pending }, world);
  assert.equal(open.status, 'ACCEPT');
  assert.deepEqual(world.calls, ['fullLimit']);
  assert.equal((await proposeForFlow({ current, proposal: pending }, world)).status, 'ACCEPT');
  assert.deepEqual(world.calls, ['fullLimit']);
});

test('slots are only checked when a run is claimed', async () => {
  const world = fullQueue();
  const run = { work_queue_id: 'queue' };
  const steps = [
    proposeForFlow({ run, current: null, proposal: pending }, world),
    proposeForFlow({ run, current: inState('SCHEDULED'), proposal: { type: 'RUNNING' } }, world),
    proposeForFlow({ run, current: inState('PENDING'), proposal: { type: 'RUNNING' } }, world),
    proposeForFlow({ run, current: inState('SCHEDULED'), proposal: pending, force: true }, world),
  ];
  for (const step of steps) assert.equal((await step).status, 'ACCEPT');
  assert.deepEqual(world.calls, []);
});
