import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  addSeconds,
  isTerminal,
  jsonText,
  NO_STATE_DETAILS,
  STATE_TYPES,
  type StateType,
  TERMINAL_STATE_TYPES,
} from '@mintaka/contract';
import fc from 'fast-check';
import type { FlowRunColumns, RunColumns, TaskRunColumns } from '../../src/orchestration/context.ts';
import { before, emptyWorld, inState, now, proposeForFlow, proposeForTask } from './setup.ts';

test('a first start sets the start time, and counts as the first attempt', async () => {
  for (const propose of [proposeForFlow, proposeForTask]) {
    const { patch, state } = await propose({ current: inState('PENDING'), proposal: { type: 'RUNNING' } });
    const { start_time, run_count, state_id, state_type, state_name, state_timestamp } = patch;
    assert.deepEqual(
      { start_time, run_count, state_id, state_type, state_name, state_timestamp },
      {
        start_time: now,
        run_count: 1,
        state_id: state?.id,
        state_type: 'RUNNING',
        state_name: 'Running',
        state_timestamp: now,
      },
    );
  }
});

test('a run that ends gets its end time and run time', async () => {
  const run = { start_time: before, total_run_time: 1.000001 };
  const { patch } = await proposeForFlow({
    current: inState('RUNNING'),
    proposal: { type: 'COMPLETED' },
    run,
  });
  assert.equal(patch.end_time, now);
  assert.equal(patch.total_run_time, 11.000001);
});

test('a run that ends without having run gets an end time, and neither a start nor a run time', async () => {
  for (const propose of [proposeForFlow, proposeForTask]) {
    for (const from of [null, 'SCHEDULED', 'PENDING'] as const) {
      for (const type of TERMINAL_STATE_TYPES) {
        const { patch } = await propose({ current: inState(from), proposal: { type } });
        const { end_time, start_time, total_run_time } = patch;
        assert.deepEqual([end_time, start_time, total_run_time], [now, undefined, undefined]);
      }
    }
  }
});

test('an ended run without an end time gets one with its next final state', async () => {
  const { patch } = await proposeForFlow({
    current: inState('CANCELLED'),
    proposal: { type: 'FAILED' },
    run: { end_time: null },
    force: true,
  });
  assert.equal(patch.end_time, now);
});

test('after the clock was set back, states stay ordered and run times are not negative', async () => {
  const late = { id: 'c', name: 'Running', timestamp: addSeconds(now, 3600) };
  const current = { ...late, type: 'RUNNING', state_details: { ...NO_STATE_DETAILS } } as const;
  for (const propose of [proposeForFlow, proposeForTask]) {
    const { state, patch } = await propose({
      current,
      proposal: { type: 'COMPLETED' },
      run: { start_time: current.timestamp, total_run_time: 5 },
    });
    assert.equal(state?.timestamp, addSeconds(now, 3600.000001));
    assert.equal(patch.end_time, state?.timestamp);
    assert.equal(patch.total_run_time, 5.000001);
  }
});

test('a run that leaves a final state has no end time; from one final state to another it is kept', async () => {
  const run = { start_time: before, end_time: before };
  const current = inState('FAILED');
  const left = await proposeForFlow({ current, proposal: { type: 'PENDING' }, run, force: true });
  assert.equal(left.patch.end_time, null);
  const stayed = await proposeForFlow({ current, proposal: { type: 'CANCELLED' }, run, force: true });
  assert.equal(stayed.run.end_time, before);
});

test('a scheduled run has a next scheduled start, which is cleared when it is no longer scheduled', async () => {
  const due = addSeconds(now, 5);
  const proposal = { type: 'SCHEDULED', state_details: { scheduled_time: due } } as const;
  const scheduled = await proposeForFlow({ proposal });
  assert.equal(scheduled.patch.next_scheduled_start_time, due);
  assert.equal(scheduled.patch.expected_start_time, due);
  const pending = await proposeForFlow({
    current: inState('SCHEDULED', { scheduled_time: due }),
    proposal: { type: 'PENDING' },
    run: { next_scheduled_start_time: due, expected_start_time: due },
  });
  assert.equal(pending.patch.next_scheduled_start_time, null);
  assert.equal(pending.run.expected_start_time, due);
});

test('a scheduled state without a time is due now', async () => {
  const { state } = await proposeForTask({ proposal: { type: 'SCHEDULED' } });
  assert.equal(state?.state_details.scheduled_time, now);
});

test('a state contains the ids of its runs, whatever the client sends', async () => {
  const state_details = { flow_run_id: 'lie', task_run_id: 'lie' };
  const task = await proposeForTask({ proposal: { type: 'PENDING', state_details } });
  assert.deepEqual(task.state?.state_details, { ...NO_STATE_DETAILS, flow_run_id: 'f', task_run_id: 't' });
  const flow = await proposeForFlow({ proposal: { type: 'PENDING', state_details } });
  assert.deepEqual(flow.state?.state_details, { ...NO_STATE_DETAILS, flow_run_id: 'f', task_run_id: 'lie' });
});

test("a subflow's state is also set on the task run that represents it in its parent, forced or not", async () => {
  for (const force of [true, false]) {
    const world = emptyWorld();
    const data = jsonText(1);
    const proposal = { type: 'RUNNING', message: 'm', data } as const;
    const run = { parent_task_run_id: 'p' };
    const { state } = await proposeForFlow({ current: inState('PENDING'), proposal, run, force }, world);
    assert.equal(state?.state_details.task_run_id, 'p');
    assert.equal(state?.state_details.child_flow_run_id, null);
    const state_details = { ...state?.state_details, child_flow_run_id: 'f' };
    const mirrored = { type: 'RUNNING', name: 'Running', message: 'm', data, state_details };
    assert.deepEqual(world.parentStates, [{ taskRunId: 'p', proposal: mirrored }]);
  }
});

test('a refused subflow does not change its parent', async () => {
  const world = emptyWorld();
  const run = { parent_task_run_id: 'p' };
  await proposeForFlow({ current: inState('RUNNING'), proposal: { type: 'RUNNING' }, run }, world);
  assert.deepEqual(world.parentStates, []);
});

test('two states of a run never share a timestamp', async () => {
  const current = {
    ...inState('PENDING'),
    id: 'c',
    type: 'PENDING',
    name: 'Pending',
    timestamp: now,
  } as const;
  const details = { ...NO_STATE_DETAILS };
  const { state } = await proposeForTask({
    current: { ...current, state_details: details },
    proposal: { type: 'RUNNING' },
  });
  assert.equal(state?.timestamp, addSeconds(now, 0.000001));
});

const type = fc.constantFrom(...STATE_TYPES);
const policy = fc.record(
  { retries: fc.option(fc.nat(3)), retry_delay: fc.option(fc.nat(9)) },
  { noNullPrototype: true },
);
const run: fc.Arbitrary<Partial<RunColumns>> = fc.record(
  {
    run_count: fc.nat(4),
    total_run_time: fc.nat(1000),
    start_time: fc.constantFrom(null, before),
    end_time: fc.constantFrom(null, before),
    empirical_policy: policy.map((fields) => jsonText(fields)),
  },
  { noNullPrototype: true },
);

/** Runs a check over 500 transitions of runs with some history. */
function steps(
  check: (from: StateType | null, to: StateType, force: boolean, run: Partial<RunColumns>) => Promise<void>,
) {
  return fc.assert(fc.asyncProperty(fc.option(type), type, fc.boolean(), run, check), { numRuns: 500 });
}

type Columns = Partial<FlowRunColumns> & Partial<TaskRunColumns>;

test('the bookkeeping matches the written state, on every path', () =>
  steps(async (from, to, force, columns: Columns) => {
    for (const propose of [proposeForFlow, proposeForTask]) {
      const given = { current: inState(from), proposal: { type: to }, run: columns, force };
      const { status, state, run: after, patch } = await propose(given);
      assert.equal(
        state !== undefined,
        status === 'ACCEPT' || (status === 'REJECT' && patch.state_id !== undefined),
      );
      if (state === undefined) {
        assert.equal(after.run_count, columns.run_count);
        assert.equal(after.total_run_time, columns.total_run_time);
        continue;
      }
      assert.equal(after.state_type, state.type);
      assert.equal(after.run_count, (columns.run_count ?? 0) + (state.type === 'RUNNING' ? 1 : 0));
      assert.equal(after.total_run_time, (columns.total_run_time ?? 0) + (from === 'RUNNING' ? 10 : 0));
      if (isTerminal(state.type)) assert.equal(after.end_time, columns.end_time ?? state.timestamp);
      if (!isTerminal(state.type) && from !== null && isTerminal(from)) assert.equal(after.end_time, null);
      assert.equal(after.next_scheduled_start_time !== null, state.type === 'SCHEDULED');
      assert.notEqual(after.expected_start_time, null);
    }
  }));

test('a final state is never left without force, except by a rerun', () =>
  steps(async (from, to, _force, columns: Columns) => {
    if (from === null || !isTerminal(from)) return;
    const given = { current: inState(from), proposal: { type: to }, run: columns };
    assert.equal((await proposeForFlow(given)).state, undefined);
    assert.equal((await proposeForTask(given)).state, undefined);
  }));

test('force always accepts the state as proposed', () =>
  steps(async (from, to, _force, columns: Columns) => {
    for (const propose of [proposeForFlow, proposeForTask]) {
      const given = { current: inState(from), proposal: { type: to, name: 'N' }, run: columns, force: true };
      const { status, state } = await propose(given);
      assert.equal(status, 'ACCEPT');
      assert.equal(`${state?.type} ${state?.name}`, `${to} N`);
    }
  }));

test('a transition does not change its input', () =>
  steps(async (from, to, force, columns: Columns) => {
    const given = { current: inState(from), proposal: { type: to, state_details: {} }, run: columns, force };
    const copy = JSON.stringify(given);
    await proposeForFlow(given);
    await proposeForTask(given);
    assert.equal(JSON.stringify(given), copy);
  }));
