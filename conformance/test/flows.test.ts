import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareFlows, describeFlows, isSame } from '../flows/compare.ts';
import { dialects, missing } from './support.ts';

const part = process.env.MINTAKA_TEST_SLOW_FLOWS === '1' ? 'all' : 'usual';

for (const dialect of dialects) {
  test(`flows of the real client leave the same states, task runs and logs on our server as on the reference, on ${dialect}`, async (t) => {
    const reason = await missing(dialect);
    if (reason !== false) return t.skip(reason);

    const comparison = await compareFlows(dialect, { part });

    assert.ok(isSame(comparison), describeFlows(comparison));
  });
}
