import assert from 'node:assert/strict';
import { inEachWorld } from '@mintaka/testing/worlds';
import fc from 'fast-check';
import type { DeletableTable } from '../../../src/database/dialects/deletion.ts';
import { deleteWithChildren } from '../../../src/domain/deletion/deletions.ts';
import type { DeletionKind, Target } from '../../../src/domain/deletion/targets.ts';
import { type Dice, fillWorld } from './random-world.ts';
import { comparable, orphans, type Rows, readRows, without } from './rows.ts';
import { withSlicesOf } from './small-slices.ts';

const kinds: readonly [kind: DeletionKind, table: DeletableTable][] = [
  ['flow', 'flow'],
  ['deployment', 'deployment'],
  ['flow_run', 'flow_run'],
  ['task_run', 'task_run'],
  ['block_type', 'block_type'],
  ['block_schema', 'block_schema'],
  ['block_document', 'block_document'],
  ['notification_policy', 'flow_run_notification_policy'],
  ['work_pool', 'work_pool'],
  ['pool_queue', 'work_queue'],
];

/** The root rows of a deletion: with a deployment also its scheduled runs that have not begun. */
function rootsOf(table: DeletableTable, id: string, rows: Rows) {
  const states = [...(rows.get('flow_run_state')?.values() ?? [])];
  const begun = new Set(states.filter(({ type }) => type !== 'SCHEDULED').map((state) => state.flow_run_id));
  const scheduled = [...(rows.get('flow_run') ?? [])].filter(
    ([run, { deployment_id, state_type }]) =>
      deployment_id === id && state_type === 'SCHEDULED' && !begun.has(run),
  );
  return [...scheduled.map(([run]) => ({ table: 'flow_run' as const, id: run })), { table, id }];
}

inEachWorld('a deletion of anything, in slices of any size', (it) => {
  for (const [kind, table] of kinds) {
    it(`deletes a ${kind} with everything below it, and nothing else`, async ({ context }) => {
      const seed = fc.integer();
      await fc.assert(
        fc.asyncProperty(seed, fc.integer({ min: 1, max: 60 }), async (number, cost) => {
          const dice = diceOf(number);
          await fillWorld(context, dice, 8);
          const before = await readRows(context.database);
          const ids = [...(before.get(table)?.keys() ?? [])];
          const id = ids[dice(ids.length)];
          if (id === undefined) return;
          const target: Target = { kind, id };
          assert.equal(await deleteWithChildren(withSlicesOf(cost, context), target), true);
          const after = await readRows(context.database);
          assert.deepEqual(orphans(after), []);
          assert.deepEqual(comparable(after), comparable(without(before, rootsOf(table, id, before))));
        }),
        { numRuns: 6 },
      );
    });
  }
});

/** The same dice for the same number (mulberry32). */
function diceOf(number: number): Dice {
  let state = number;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
