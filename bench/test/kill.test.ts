import assert from 'node:assert/strict';
import test from 'node:test';
import { killRepeatedly } from '../kill.ts';
import { dialectsOf } from '../subjects/databases.ts';

for (const dialect of dialectsOf(process.env.DIALECTS)) {
  test(`a server killed under load keeps everything it acknowledged, and restarts: ${dialect}`, async () => {
    const report = await killRepeatedly({ dialect, rounds: 3, clients: 6 });
    assert.deepEqual(report.contradictions, []);
    assert.equal(report.rounds, 3);
    assert.ok(report.acknowledged > 0, 'no state change was acknowledged before the kills');
  });
}
