import assert from 'node:assert/strict';
import test from 'node:test';
import { type ClaimsPlan, contestClaims } from '../claims.ts';
import { contestPool } from '../pool-claims.ts';
import { dialectsOf } from '../subjects/databases.ts';

const size = { clients: 20, runs: 40 };

const plans: ClaimsPlan[] = dialectsOf(process.env.DIALECTS).flatMap((dialect) =>
  (dialect === 'postgres' ? [1, 2] : [1]).map((servers) => ({ dialect, servers, ...size })),
);

for (const plan of plans) {
  test(`each Scheduled run goes to one of ${plan.clients} clients that claim it concurrently: ${plan.dialect}, ${plan.servers} server(s)`, async () => {
    assert.deepEqual(await contestClaims(plan), {
      runs: plan.runs,
      wonOnce: plan.runs,
      wonTwice: 0,
      wonByNobody: 0,
      wrongHistories: 0,
      errors: [],
    });
  });
}

for (const { dialect, servers, clients } of plans) {
  test(`${clients} clients empty a pool without claiming a run twice or exceeding a limit: ${dialect}, ${servers} server(s)`, async () => {
    const { refused, polls, seconds, ...report } = await contestPool({
      dialect,
      servers,
      clients,
      runs: 100,
      seconds: 120,
      limited: true,
    });
    assert.deepEqual(report, {
      runs: 100,
      claimed: 100,
      completed: 100,
      left: 0,
      claimedTwice: 0,
      wrongHistories: 0,
      exceeded: [],
      errors: [],
    });
  });
}
