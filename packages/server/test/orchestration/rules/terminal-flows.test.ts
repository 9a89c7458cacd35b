import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonText } from '@mintaka/contract';
import { inState, proposeForFlow } from '../setup.ts';

const again = { type: 'SCHEDULED', name: 'AwaitingRetry' } as const;
const paused = { empirical_policy: jsonText({ retries: 2, pause_keys: ['k'], resuming: true }) };
const reset =
  '{"max_retries": 0, "retry_delay_seconds": 0.0, "retries": 2, "retry_delay": null, "pause_keys": [], "resuming": false}';

test("a deployment's run that has ended can be rescheduled, and its pauses are cleared", async () => {
  const run = { ...paused, deployment_id: 'd', run_count: 3 };
  const result = await proposeForFlow({ current: inState('FAILED'), proposal: again, run });
  assert.equal(result.status, 'ACCEPT');
  assert.equal(result.state?.name, 'AwaitingRetry');
  assert.equal(result.patch.empirical_policy?.text, reset);
  assert.equal(result.patch.run_count, undefined);
});

test('without a deployment it cannot, but its pauses are cleared anyway', async () => {
  const result = await proposeForFlow({ current: inState('CRASHED'), proposal: again, run: paused });
  assert.deepEqual(result.details, {
    type: 'abort_details',
    reason: 'Cannot restart a run without an associated deployment.',
  });
  assert.equal(result.patch.empirical_policy?.text, reset);
});

test('a cancelled run cannot, and keeps its pauses', async () => {
  const run = { ...paused, deployment_id: 'd' };
  const result = await proposeForFlow({ current: inState('CANCELLED'), proposal: again, run });
  assert.equal(result.status, 'REJECT');
  assert.equal(result.state, undefined);
  assert.deepEqual(result.patch, {});
  assert.deepEqual(result.run.empirical_policy, paused.empirical_policy);
});

test('clients from before pauses do not change them', async () => {
  const run = { ...paused, deployment_id: 'd' };
  const setting = { current: inState('FAILED'), proposal: again, run, apiVersion: [0, 8, 3] } as const;
  assert.equal((await proposeForFlow(setting)).patch.empirical_policy, undefined);
});

test('a name other than AwaitingRetry does not reopen a run', async () => {
  const run = { deployment_id: 'd' };
  const { status } = await proposeForFlow({
    current: inState('FAILED'),
    proposal: { type: 'SCHEDULED' },
    run,
  });
  assert.equal(status, 'ABORT');
});
