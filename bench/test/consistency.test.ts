import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findContradictions } from '../subjects/consistency.ts';

const started = '2026-01-01 00:00:01.000001';
const ended = '2026-01-01 00:00:02.500000';
const run = {
  id: 'run',
  state_id: 'b',
  state_type: 'COMPLETED',
  state_timestamp: ended,
  run_count: 1,
  start_time: started,
  end_time: ended,
};
const states = [
  { id: 'b', type: 'COMPLETED', timestamp: ended, run_id: 'run' },
  { id: 'a', type: 'RUNNING', timestamp: started, run_id: 'run' },
];

function databaseOf(runs: Record<string, unknown>[], stateRows: Record<string, unknown>[]) {
  const query = async (text: string) => {
    if (text.includes('FROM task_run_state')) return stateRows;
    return text.includes('FROM task_run') ? runs : [];
  };
  return { serverUrl: '', driverTarget: '', query };
}

const acknowledged = (stateId: string) => [{ table: 'task_run', runId: 'run', stateId } as const];

test('consistent runs and present acknowledged states are no contradiction', async () => {
  assert.deepEqual(await findContradictions(databaseOf([run], states), acknowledged('b')), []);
});

test('an acknowledged state that is missing in the database is found', async () => {
  const found = await findContradictions(databaseOf([run], states), acknowledged('c'));
  assert.equal(found.length, 1);
});

for (const [column, wrong] of Object.entries({
  state_id: 'a',
  state_type: 'RUNNING',
  state_timestamp: started,
  run_count: 2,
  start_time: ended,
  end_time: null,
})) {
  test(`a run whose ${column} does not match its states is found`, async () => {
    const found = await findContradictions(databaseOf([{ ...run, [column]: wrong }], states), []);
    assert.equal(found.length, 1);
  });
}

test('both notations of a timestamp are equal', async () => {
  const postgres = { ...run, end_time: '2026-01-01 00:00:02.5+00' };
  assert.deepEqual(await findContradictions(databaseOf([postgres], states), []), []);
});
