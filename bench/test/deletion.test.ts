import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measureDeletion } from '../deletion.ts';
import { dialectsOf } from '../subjects/databases.ts';

for (const dialect of dialectsOf(process.env.DIALECTS)) {
  test(`a deletion leaves no rows behind, even if it is killed half-way: ${dialect}`, async () => {
    const report = await measureDeletion({ dialect, runs: 3000, rate: 30, seconds: 1 });
    const { status, left, afterKill, during } = report;
    assert.deepEqual({ status, left, errors: during.errors }, { status: 204, left: {}, errors: [] });
    assert.deepEqual(afterKill.left, {});
    assert.ok(
      during.changes.requests > 0 && during.health.requests > 0,
      'the server answered in the meantime',
    );
  });
}
