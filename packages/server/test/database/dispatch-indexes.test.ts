import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openTestDatabase } from '@mintaka/testing/open';
import type { Database } from '../../src/database/database.ts';
import { holdsSlot, isScheduled } from '../../src/database/dialects/index-conditions.ts';
import { migrate } from '../../src/database/migrations/migrate.ts';

let database: Database;

before(async () => {
  database = await openTestDatabase('sqlite://');
  await migrate(database);
});
after(() => database.close());

const plans: [question: string, sql: string, index: string][] = [
  [
    'the next runs of a queue by its id',
    `SELECT id FROM flow_run WHERE work_queue_id = ? AND ${isScheduled} AND next_scheduled_start_time <= ?
     ORDER BY next_scheduled_start_time LIMIT 10`,
    'mintaka_flow_run_scheduled_by_queue_id',
  ],
  [
    'the next runs of a queue by its name',
    `SELECT id FROM flow_run WHERE work_queue_name = ? AND ${isScheduled} AND next_scheduled_start_time <= ?
     ORDER BY next_scheduled_start_time LIMIT 10`,
    'mintaka_flow_run_scheduled_by_queue_name',
  ],
  [
    'the slots that are taken by the id of the queue',
    `SELECT count(*) FROM flow_run WHERE work_queue_id = ? AND ${holdsSlot}`,
    'mintaka_flow_run_slots_by_queue_id',
  ],
  [
    'the slots that are taken by the name of the queue',
    `SELECT state_type, count(*) FROM flow_run WHERE work_queue_name = ? AND ${holdsSlot} GROUP BY state_type`,
    'mintaka_flow_run_slots_by_queue_name',
  ],
];

for (const [question, sql, index] of plans) {
  test(`SQLite answers ${question} from ${index}, without sorting`, async () => {
    const plan = await database.administer((connection) =>
      connection.query(`EXPLAIN QUERY PLAN ${sql}`, sql.includes('<=') ? ['', ''] : ['']),
    );
    const steps = plan.map((step) => String(step.detail));
    assert.equal(steps.length, 1, steps.join('; '));
    assert.match(steps[0] ?? '', new RegExp(`USING (COVERING )?INDEX ${index} `));
  });
}
