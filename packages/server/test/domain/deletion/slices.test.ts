import assert from 'node:assert/strict';
import { inEachWorld } from '@mintaka/testing/worlds';
import type { Context } from '../../../src/domain/context.ts';
import { deleteFlow } from '../../../src/domain/flows.ts';
import { deleteFlowRun } from '../../../src/domain/runs/flow-runs.ts';
import { type Counted, counting } from './counted.ts';
import { makeLargeFlow, makeLargeRun } from './many-rows.ts';
import { countRows } from './rows.ts';

/** No transaction exceeded the budget of a slice by more than half. */
function assertBounded(transactions: readonly Counted[], { database }: Context): void {
  const most = database.dialect.questions.deletion.costAtOnce * 1.5;
  assert.ok(transactions.length > 1);
  assert.ok(Math.max(...transactions.map(({ rows }) => rows)) <= most, 'rows of one transaction');
  assert.ok(Math.max(...transactions.map(({ statements }) => statements)) <= 100, 'statements of one');
}

inEachWorld('a deletion', (it) => {
  it('of a flow with thousands of runs does a bounded amount in each transaction', async ({ context }) => {
    const before = await countRows(context.database);
    const flow = await makeLargeFlow(context, { runs: 5000, taskRuns: 500 });
    const watched = await counting(context);
    await deleteFlow(watched.context, flow);
    assertBounded(await watched.counted(), context);
    assert.deepEqual(await countRows(context.database), before);
  });

  it('of one run with thousands of rows of everything does so as well', async ({ context }) => {
    const { flow, run } = await makeLargeRun(context, 3000);
    const watched = await counting(context);
    await deleteFlowRun(watched.context, run);
    assertBounded(await watched.counted(), context);
    await deleteFlow(context, flow);
    const { flow: flows, work_pool, work_queue, ...others } = await countRows(context.database);
    assert.deepEqual([flows, work_pool, work_queue, others], [1, 1, 1, {}]);
  });

  it('of something small is one transaction', async ({ context }) => {
    const flow = await makeLargeFlow(context, { runs: 3, taskRuns: 2 });
    let transactions = 0;
    const { database } = context;
    const transaction: typeof database.transaction = (work) => {
      transactions += 1;
      return database.transaction(work);
    };
    await deleteFlow({ ...context, database: { ...database, transaction } }, flow);
    assert.equal(transactions, 1);
  });
});
