import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addSeconds, type JsonText, jsonText } from '@mintaka/contract';
import { inState, now, proposeForFlow } from '../setup.ts';

/** The pause bookkeeping of a policy. */
function pauses(policy: JsonText | undefined): unknown {
  const { pause_keys, resuming } = Object(policy?.parse());
  return { pause_keys, resuming };
}

const running = inState('RUNNING');

test('a pause is recorded by its key, or by a new one without a key', async () => {
  const run = { empirical_policy: jsonText({ pause_keys: ['first'] }) };
  const named = { type: 'PAUSED', state_details: { pause_key: 'second' } } as const;
  const one = await proposeForFlow({ current: running, proposal: named, run });
  assert.deepEqual(pauses(one.patch.empirical_policy), { pause_keys: ['first', 'second'], resuming: false });
  const two = await proposeForFlow({ current: running, proposal: { type: 'PAUSED' }, run });
  assert.deepEqual(pauses(two.patch.empirical_policy), { pause_keys: ['first', 'id-1'], resuming: false });
  assert.equal(two.state?.state_details.pause_key, null);
});

test('a pause whose key has fired is not repeated', async () => {
  const run = { empirical_policy: jsonText({ pause_keys: ['k'] }) };
  const proposal = { type: 'PAUSED', state_details: { pause_key: 'k' } } as const;
  const result = await proposeForFlow({ current: running, proposal, run });
  assert.deepEqual(result.details, { type: 'reject_details', reason: 'This pause has already fired.' });
  assert.equal(result.state, undefined);
  assert.deepEqual(result.patch, {});
});

test('a run leaves its process for a pause only if a deployment can restart it', async () => {
  const proposal = { type: 'PAUSED', state_details: { pause_reschedule: true } } as const;
  const reasonFor = async (run: { deployment_id: string | null; parent_task_run_id: string | null }) => {
    const { status, details } = await proposeForFlow({ current: running, proposal, run });
    return 'reason' in details ? `${status} ${details.reason}` : status;
  };
  assert.equal(
    await reasonFor({ deployment_id: 'd', parent_task_run_id: 'p' }),
    'ABORT Cannot pause subflows with the reschedule option.',
  );
  assert.equal(
    await reasonFor({ deployment_id: null, parent_task_run_id: null }),
    'ABORT Cannot pause flows without a deployment with the reschedule option.',
  );
  assert.equal(await reasonFor({ deployment_id: 'd', parent_task_run_id: null }), 'ACCEPT');
});

test('a paused run is marked as resuming in all cases, and the resumed start counts as an attempt', async () => {
  const current = inState('PAUSED');
  const resumed = await proposeForFlow({ current, proposal: { type: 'RUNNING' } });
  assert.equal(resumed.patch.run_count, 1);
  assert.deepEqual(pauses(resumed.patch.empirical_policy), { pause_keys: [], resuming: true });
  const refused = await proposeForFlow({ current, proposal: { type: 'PENDING' } });
  assert.deepEqual(pauses(refused.patch.empirical_policy), { pause_keys: [], resuming: true });
  assert.deepEqual(Object.keys(refused.patch), ['empirical_policy']);
});

test('a rescheduled pause needs its deployment to resume', async () => {
  const current = inState('PAUSED', { pause_reschedule: true });
  const { details } = await proposeForFlow({ current, proposal: { type: 'SCHEDULED' } });
  assert.deepEqual(details, {
    type: 'reject_details',
    reason: 'Cannot reschedule a paused flow run without a deployment.',
  });
});

test('a pause that has timed out ends as failed, even if the proposal is the same', async () => {
  const current = inState('PAUSED', { pause_timeout: addSeconds(now, -0.000001) });
  for (const type of ['RUNNING', 'FAILED'] as const) {
    const result = await proposeForFlow({ current, proposal: { type, message: 'mine' } });
    assert.equal(result.status, 'REJECT');
    assert.equal(result.state?.type, 'FAILED');
    assert.equal(result.state?.message, 'The flow was paused and never resumed.');
    assert.deepEqual(pauses(result.patch.empirical_policy), { pause_keys: [], resuming: true });
  }
  const inTime = inState('PAUSED', { pause_timeout: now });
  const { status } = await proposeForFlow({ current: inTime, proposal: { type: 'RUNNING' } });
  assert.equal(status, 'ACCEPT');
});

test('resuming after a rescheduled pause is not a new attempt, and ends the resumption', async () => {
  const run = { run_count: 1, empirical_policy: jsonText({ pause_keys: ['k'], resuming: true }) };
  const result = await proposeForFlow({ current: inState('PENDING'), proposal: { type: 'RUNNING' }, run });
  assert.equal(result.patch.run_count, undefined);
  assert.deepEqual(pauses(result.patch.empirical_policy), { pause_keys: ['k'], resuming: false });
});

test('for clients from before pauses every start counts', async () => {
  const run = { run_count: 1, empirical_policy: jsonText({ resuming: true }) };
  const proposal = { type: 'RUNNING' } as const;
  const result = await proposeForFlow({ current: inState('PENDING'), proposal, run, apiVersion: [0, 8, 3] });
  assert.equal(result.patch.run_count, 2);
  assert.equal(result.patch.empirical_policy, undefined);
});
