import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addSeconds, STATE_TYPES } from '@mintaka/contract';
import { emptyWorld, inState, now, proposeForTask, slots } from '../setup.ts';

const running = { type: 'RUNNING' } as const;
const current = inState('PENDING');

function limited(...limits: [tag: string, limit: number, held: string[]][]) {
  const world = emptyWorld();
  world.limits = limits.map(([tag, concurrency_limit, active_slots]) => ({
    tag,
    concurrency_limit,
    active_slots,
  }));
  return world;
}

test('a running task holds a slot of every limit on its tags', async () => {
  const world = limited(['a', 2, ['x']], ['b', 1, []]);
  const { status } = await proposeForTask({ current, proposal: running }, world);
  assert.equal(status, 'ACCEPT');
  assert.deepEqual(slots(world), { a: ['x', 't'], b: ['t'] });
});

test('a task without a free slot waits half a minute and holds none', async () => {
  const world = limited(['a', 1, []], ['b', 1, ['x']], ['c', 1, []]);
  const result = await proposeForTask({ current, proposal: running }, world);
  assert.deepEqual(result.details, {
    type: 'wait_details',
    delay_seconds: 30,
    reason: 'Concurrency limit for the b tag has been reached',
  });
  assert.deepEqual(result.patch, {});
  assert.deepEqual(slots(world), { a: [], b: ['x'], c: [] });
});

test('a limit of 0 aborts a task run, whatever other reasons it has to wait', async () => {
  const world = limited(['a', 1, ['x']], ['z', 0, []]);
  const { details } = await proposeForTask({ current, proposal: running }, world);
  assert.deepEqual(details, {
    type: 'abort_details',
    reason: 'The concurrency limit on tag "z" is 0 and will deadlock if the task tries to run again.',
  });
});

test('a task that must wait for its scheduled time holds no slot in the meantime', async () => {
  const world = limited(['a', 1, []]);
  const early = inState('SCHEDULED', { scheduled_time: addSeconds(now, 60) });
  const { status } = await proposeForTask({ current: early, proposal: running }, world);
  assert.equal(status, 'WAIT');
  assert.deepEqual(slots(world), { a: [] });
});

test('every state except Running and Cancelling releases the slots, forced or not', async () => {
  for (const type of STATE_TYPES) {
    for (const force of [false, true]) {
      const world = limited(['a', 2, ['t', 'x']], ['b', 2, ['x']]);
      const { state } = await proposeForTask(
        { current: inState('RUNNING'), proposal: { type }, force },
        world,
      );
      const kept = state === undefined || type === 'RUNNING' || type === 'CANCELLING';
      assert.deepEqual(slots(world), { a: kept ? ['t', 'x'] : ['x'], b: ['x'] }, `${type} ${force}`);
    }
  }
});

test('a forced start takes no slot', async () => {
  const world = limited(['a', 1, []]);
  await proposeForTask({ current, proposal: running, force: true }, world);
  assert.deepEqual(slots(world), { a: [] });
});

test('a task without limits on its tags needs no query', async () => {
  const world = emptyWorld();
  const run = { tags: ['a'] };
  await proposeForTask({ current, proposal: running, run }, world);
  await proposeForTask({ current: inState('RUNNING'), proposal: { type: 'COMPLETED' }, run }, world);
  assert.deepEqual(world.calls, []);
});

test('slots of deleted or ended task runs are free, and leave the limit when one is taken', async () => {
  const world = limited(['a', 1, ['gone']], ['b', 2, ['x', 'gone']], ['c', 2, ['gone']]);
  world.ended.add('gone');
  const { status } = await proposeForTask({ current, proposal: running }, world);
  assert.equal(status, 'ACCEPT');
  assert.deepEqual(slots(world), { a: ['t'], b: ['x', 't'], c: ['t'] });
});

test('the holders of slots are not checked while some are free', async () => {
  const world = limited(['a', 2, ['x']]);
  await proposeForTask({ current, proposal: running }, world);
  assert.deepEqual(world.calls, ['lockLimits', 'writeSlots']);
});
