import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  holdsSlot,
  isPlainlyScheduled,
  isScheduled,
  mayBeUnclaimed,
} from '../../src/database/dialects/index-conditions.ts';
import { ownMigrations } from '../../src/database/migrations/own-migrations.ts';

const conditions: [name: string, condition: string, indexes: string[]][] = [
  [
    'isScheduled',
    isScheduled,
    [
      'mintaka_flow_run_scheduled_by_queue_id',
      'mintaka_flow_run_scheduled_by_queue_name',
      'mintaka_flow_run_scheduled_by_deployment',
    ],
  ],
  ['isPlainlyScheduled', isPlainlyScheduled, ['mintaka_flow_run_not_late']],
  ['holdsSlot', holdsSlot, ['mintaka_flow_run_slots_by_queue_id', 'mintaka_flow_run_slots_by_queue_name']],
  [
    'mayBeUnclaimed',
    mayBeUnclaimed,
    ['mintaka_flow_run_stopping_by_queue_id', 'mintaka_flow_run_stopping_by_queue_name'],
  ],
];

for (const dialect of ['sqlite', 'postgres'] as const) {
  const statements = ownMigrations.flatMap(({ sql }) => (sql[dialect] ?? '').split(';'));

  for (const [name, condition, indexes] of conditions) {
    test(`${dialect}: the queries' ${name} is exactly the condition of its indexes`, () => {
      const found = indexes.map((index) => statements.find((text) => text.includes(`EXISTS ${index}\n`)));
      const wheres = found.map((text) => text?.split(/ WHERE (.*)/s)[1]);
      assert.deepEqual(
        wheres,
        indexes.map(() => condition),
      );
    });
  }
}
