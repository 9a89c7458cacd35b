import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeHandover, handOver, isClean } from '../handover.ts';
import { dialects, missing, size } from './support.ts';

const requests = size('MINTAKA_TEST_HANDOVER_REQUESTS', 300);

for (const dialect of dialects) {
  test(`the reference and our server take over each other's ${dialect} database and flows continue to run`, async (t) => {
    const reason = await missing(dialect);
    if (reason !== false) return t.skip(reason);

    const result = await handOver(dialect, { requests, seed: 2 });

    assert.ok(isClean(result), describeHandover(result));
  });
}
