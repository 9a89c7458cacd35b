import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDatabase } from '@mintaka/testing/databases';
import { startOurs } from '@mintaka/testing/ours';
import { installReference } from '@mintaka/testing/reference';
import { runDifferential } from '../differential/engine.ts';
import { describeRun } from '../differential/report.ts';
import { resources } from '../differential/resources/index.ts';
import { dialects, missing, size } from './support.ts';

const requests = size('MINTAKA_TEST_DIFFERENTIAL_REQUESTS', 1000);
const seed = size('MINTAKA_TEST_DIFFERENTIAL_SEED', 1);

for (const dialect of dialects) {
  test(`the reference and our server give the same answers to ${requests} random requests and write the same rows on ${dialect}`, async (t) => {
    const reason = await missing(dialect);
    if (reason !== false) return t.skip(reason);
    const databases = {
      reference: await createDatabase(dialect, 'reference'),
      ours: await createDatabase(dialect, 'ours'),
    };
    t.after(() => Promise.all([databases.reference.drop(), databases.ours.drop()]));
    const [reference, ours] = await Promise.all([
      installReference().start({ database: databases.reference }),
      startOurs({ database: databases.ours }),
    ]);
    t.after(() => Promise.all([reference.stop(), ours.stop()]));

    const result = await runDifferential({
      servers: { reference, ours },
      databases,
      resources,
      seed,
      requests,
    });

    const unexplained = result.findings.filter(({ explanation }) => explanation === undefined);
    assert.equal(unexplained.length + result.tables.length, 0, describeRun(result, seed));
  });
}
