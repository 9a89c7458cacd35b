import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JSON_NULL, jsonText, NO_STATE_DETAILS } from '@mintaka/contract';
import { before, inState, proposeForFlow } from '../setup.ts';

const cancelling = { type: 'CANCELLING', message: 'Stop it' } as const;
const atOnce = {
  type: 'reject_details',
  reason: 'The run has no process to stop and was cancelled at once.',
};
const again = {
  type: 'reject_details',
  reason: 'Cannot transition flows that are cancelling to a state other than Cancelled.',
};

for (const name of ['Scheduled', 'Late', 'AwaitingRetry', 'Resuming']) {
  test(`a ${name} run of a work queue without a process is cancelled immediately`, async () => {
    const current = inState('SCHEDULED', {}, name);
    for (const place of [{ work_queue_id: 'queue' }, { work_queue_name: 'by name' }]) {
      for (const infrastructure_pid of [null, '']) {
        const run = { ...place, infrastructure_pid };
        const { status, details, state, patch } = await proposeForFlow({
          run,
          current,
          proposal: cancelling,
        });
        assert.deepEqual([status, details], ['REJECT', atOnce]);
        assert.deepEqual([state?.type, state?.name, state?.message], ['CANCELLED', 'Cancelled', 'Stop it']);
        assert.equal(patch.end_time, state?.timestamp);
        assert.equal(patch.next_scheduled_start_time, null);
      }
    }
  });
}

test('a scheduled run without a work queue, or with a process, is asked to cancel', async () => {
  const current = inState('SCHEDULED');
  for (const run of [{}, { work_queue_id: 'queue', infrastructure_pid: 'host:1' }]) {
    const { status, state } = await proposeForFlow({ run, current, proposal: cancelling });
    assert.deepEqual([status, state?.type], ['ACCEPT', 'CANCELLING']);
  }
});

test('a claimed run is asked to cancel, and so is one that is created cancelling or forced', async () => {
  const run = { work_queue_id: 'queue' };
  for (const type of [null, 'PENDING', 'RUNNING'] as const) {
    const { status, state } = await proposeForFlow({ run, current: inState(type), proposal: cancelling });
    assert.deepEqual([status, state?.type], ['ACCEPT', 'CANCELLING']);
  }
  const forced = { run, current: inState('SCHEDULED'), proposal: cancelling, force: true };
  assert.equal((await proposeForFlow(forced)).state?.type, 'CANCELLING');
});

test('a second cancellation of an unclaimed run is refused like that of a cancelling run, not as an error', async () => {
  const run = { work_queue_id: 'queue', end_time: before };
  const second = await proposeForFlow({ run, current: inState('CANCELLED'), proposal: cancelling });
  assert.deepEqual([second.status, second.details, second.state], ['REJECT', again, undefined]);
  assert.deepEqual(second.patch, {});
  const cancelled = { id: 'c', type: 'CANCELLED', name: 'Cancelled', timestamp: before } as const;
  const current = { ...cancelled, state_details: { ...NO_STATE_DETAILS } };
  for (const other of [{}, { ...run, start_time: before }, { ...run, infrastructure_pid: 'host:1' }]) {
    const { status, details } = await proposeForFlow({ run: other, current, proposal: cancelling });
    assert.deepEqual(
      [status, details],
      ['ABORT', { type: 'abort_details', reason: 'This run has already terminated.' }],
    );
  }
});

test('a cancelling run of a work queue is cancelled as soon as its process reports any final state', async () => {
  const run = { work_queue_id: 'queue', infrastructure_pid: 'host:1', start_time: before };
  const current = inState('CANCELLING');
  for (const type of ['COMPLETED', 'FAILED', 'CRASHED'] as const) {
    const proposal = { type, message: 'Done', data: jsonText({ result: 1 }) };
    const { status, details, state, patch } = await proposeForFlow({ run, current, proposal });
    assert.deepEqual([status, details], ['REJECT', again]);
    assert.deepEqual([state?.type, state?.message, state?.data], ['CANCELLED', 'Done', JSON_NULL]);
    assert.equal(patch.end_time, state?.timestamp);
  }
  for (const type of ['SCHEDULED', 'PENDING', 'RUNNING', 'PAUSED', 'CANCELLING'] as const) {
    const { status, state } = await proposeForFlow({ run, current, proposal: { type } });
    assert.deepEqual([status, state], ['REJECT', undefined]);
  }
  const elsewhere = await proposeForFlow({ current, proposal: { type: 'COMPLETED' } });
  assert.deepEqual([elsewhere.status, elsewhere.state], ['REJECT', undefined]);
});
