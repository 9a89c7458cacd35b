import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { outages } from '../outages/outages.ts';
import { survive } from '../outages/play.ts';
import { missing } from './support.ts';

for (const [place, atOnce] of outages.entries()) {
  describe(`flows of the real client complete, and nothing acknowledged is lost (${place + 1})`, {
    concurrency: atOnce.length,
  }, () => {
    for (const outage of atOnce) {
      test(`while ${outage.name}`, async (t) => {
        const reason = await missing(outage.dialect);
        if (reason !== false) return t.skip(reason);

        assert.deepEqual(await survive(outage), []);
      });
    }
  });
}
