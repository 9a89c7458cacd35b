import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ReadSession } from '../../../src/database/database.ts';
import { type Databases, openBoth } from '../databases.ts';
import { fillWithRuns, idOf } from './many-runs.ts';
import { plansMadeOnce } from './plan-of.ts';

let databases: Databases;
before(async () => {
  databases = await openBoth();
  for (const database of databases.all) await fillWithRuns(database);
});
after(() => databases.close());

// Planning a query for one run takes several times as long as running it.
for (const kind of ['flowRuns', 'taskRuns'] as const) {
  for (const count of [1, 200]) {
    test(`Postgres does not plan again each time it reads ${count} ${kind} by id`, async () => {
      const ids = Array.from({ length: count }, (_, number) => idOf(5, number));
      const read = (session: ReadSession) => session.dialect.questions.runsById[kind](session, ids);
      for (const database of databases.all) {
        if (database.dialect.name !== 'postgres') continue;
        assert.ok((await plansMadeOnce(database, read)) > 0);
      }
    });
  }
}
