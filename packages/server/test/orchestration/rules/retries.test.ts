import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addSeconds, type JsonObject, jsonText, secondsBetween } from '@mintaka/contract';
import fc from 'fast-check';
import { jitteredDelay } from '../../../src/orchestration/jitter.ts';
import { emptyWorld, inState, now, proposeForFlow, proposeForTask } from '../setup.ts';

const current = inState('RUNNING');
const failure = {
  type: 'FAILED',
  message: 'm',
  data: jsonText({ a: 1 }),
  state_details: { cache_key: 'k' },
} as const;

async function taskDelay(empirical_policy: JsonObject, run_count: number): Promise<number | undefined> {
  const { state } = await proposeForTask({
    current,
    proposal: failure,
    run: { empirical_policy: jsonText(empirical_policy), run_count },
  });
  const due = state?.state_details.scheduled_time;
  return due ? secondsBetween(now, due) : undefined;
}

test("a run that fails with retries left awaits its retry, and keeps the failure's message", async () => {
  for (const propose of [proposeForFlow, proposeForTask]) {
    const run = { run_count: 1, empirical_policy: jsonText({ retries: 1, retry_delay: 7 }) };
    const result = await propose({ current, proposal: failure, run });
    assert.equal(result.status, 'REJECT');
    assert.deepEqual(result.details, { type: 'reject_details', reason: 'Retrying' });
    assert.equal(result.state?.name, 'AwaitingRetry');
    assert.equal(result.state?.message, 'm');
    assert.deepEqual(result.state?.data.parse(), { a: 1 });
    assert.equal(result.state?.state_details.cache_key, null);
    assert.equal(result.patch.next_scheduled_start_time, addSeconds(now, 7));
    assert.equal(result.patch.end_time, undefined);
  }
});

test('a run without retries left fails', async () => {
  for (const propose of [proposeForFlow, proposeForTask]) {
    for (const empirical_policy of [{}, { retries: null }, { retries: 1 }]) {
      const { status, state } = await propose({
        current,
        proposal: failure,
        run: { run_count: 2, empirical_policy: jsonText(empirical_policy) },
      });
      assert.equal(status, 'ACCEPT');
      assert.equal(state?.type, 'FAILED');
    }
  }
});

test('the settings of older releases apply if the newer ones are not set', async () => {
  assert.equal(await taskDelay({ max_retries: 2, retry_delay_seconds: JSON.rawJSON('1.5') }, 2), 1.5);
  assert.equal(await taskDelay({ max_retries: 2, retries: 3, retry_delay: 4, retry_delay_seconds: 9 }, 3), 4);
});

test('a list of delays has one per retry, and the last repeats', async () => {
  const policy = { retries: 9, retry_delay: [1, 5, 10] };
  const delays = await Promise.all([1, 2, 3, 4, 0].map((tries) => taskDelay(policy, tries)));
  assert.deepEqual(delays, [1, 5, 10, 10, 10]);
  assert.equal(await taskDelay({ retries: 1, retry_delay: [] }, 1), 0);
});

test('a jittered delay is between zero and its bound, and keeps its average approximately', () => {
  const average = fc.double({ min: 0, max: 1e6, noNaN: true });
  const factor = fc.double({ min: 1e-3, max: 100, noNaN: true });
  fc.assert(
    fc.property(
      average,
      factor,
      fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
      (mean, part, random) => {
        const delay = jitteredDelay(mean, part, random);
        assert.ok(delay >= 0 && delay <= mean * (1 + part) * 1.0001);
      },
    ),
  );
  const draws = Array.from({ length: 1000 }, (_, draw) => jitteredDelay(10, 0.3, (draw + 0.5) / 1000));
  const mean = draws.reduce((sum, delay) => sum + delay, 0) / draws.length;
  assert.ok(mean > 8 && mean < 12, `${mean}`);
});

test('a delay of zero stays zero with jitter', async () => {
  assert.equal(await taskDelay({ retries: 1, retry_delay: 0, retry_jitter_factor: 0.5 }, 1), 0);
});

test('a flow that retries clears its pauses', async () => {
  const run = { run_count: 1, empirical_policy: jsonText({ retries: 1, pause_keys: ['k'], resuming: true }) };
  const { patch } = await proposeForFlow({ current, proposal: failure, run });
  assert.equal(
    patch.empirical_policy?.text,
    '{"max_retries": 0, "retry_delay_seconds": 0.0, "retries": 1, "retry_delay": null, "pause_keys": [], "resuming": false}',
  );
});

test('for clients that do not retry tasks themselves, a flow that retries resets its failed tasks', async () => {
  const run = { run_count: 1, empirical_policy: jsonText({ retries: 1, retry_delay: 3 }) };
  const world = emptyWorld();
  await proposeForFlow({ current, proposal: failure, run, apiVersion: [0, 8, 3] }, world);
  await proposeForFlow(
    { current, proposal: failure, run: { ...run, run_count: 2 }, apiVersion: [0, 8, 2] },
    world,
  );
  assert.deepEqual(world.retried, []);
  const old = await proposeForFlow({ current, proposal: failure, run, apiVersion: [0, 8, 2] }, world);
  assert.deepEqual(world.retried, [{ flowRunId: 'f', scheduledTime: addSeconds(now, 3) }]);
  assert.equal(old.patch.empirical_policy, undefined);
});
