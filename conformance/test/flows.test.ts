import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareFlows, describeFlows, isSame } from '../flows/compare.ts';
import { missing } from './support.ts';

const part = process.env.MINTAKA_TEST_SLOW_FLOWS === '1' ? 'all' : 'quick';

test('flows of the real client leave the same states, task runs and logs on our server as on the reference', async (t) => {
  const reason = await missing('sqlite');
  if (reason !== false) return t.skip(reason);

  const comparison = await compareFlows('sqlite', { part });

  assert.ok(isSame(comparison), describeFlows(comparison));
});
