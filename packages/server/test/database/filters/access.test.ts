import assert from 'node:assert/strict';
import test from 'node:test';
import type { Access } from '../../../src/database/dialects/page.ts';
import { accessToFlowRuns, accessToTaskRuns } from '../../../src/database/filters/access.ts';
import type { Filters } from '../../../src/database/filters/filters.ts';

const ids = { id: { any_: ['4a5e4a7c-0000-4000-8000-000000000000'] } };
const state = { state: { type: { any_: ['RUNNING' as const] } } };
const flows = { name: { any_: ['flow'] } };

const flowRuns: [filters: Filters, access: Access][] = [
  [{}, 'rows'],
  [{ flow_runs: ids, flows }, 'ids'],
  [{ flow_runs: { ...ids, operator: 'or_' } }, 'rows'],
  [{ flow_runs: state }, 'index'],
  [{ flow_runs: { ...state, tags: { all_: ['tag'] } } }, 'rows'],
  [{ flow_runs: { state: { ...state.state, name: { any_: ['Running'] } } } }, 'rows'],
  [{ flow_runs: state, flows }, 'rows'],
  [{ flows }, 'index'],
  [{ flows, deployments: {} }, 'rows'],
  [{ flows, task_runs: state }, 'rows'],
];

const taskRuns: [filters: Filters, access: Access][] = [
  [{}, 'rows'],
  [{ task_runs: ids }, 'ids'],
  [{ flow_runs: ids, task_runs: state }, 'ids'],
  [{ flow_runs: state }, 'rows'],
  [{ task_runs: state }, 'index'],
  [{ task_runs: state, flows }, 'rows'],
];

test('an index counts the matches only if it covers the whole condition; named ids take precedence', () => {
  for (const [filters, access] of flowRuns)
    assert.equal(accessToFlowRuns(filters), access, JSON.stringify(filters));
  for (const [filters, access] of taskRuns)
    assert.equal(accessToTaskRuns(filters), access, JSON.stringify(filters));
});
