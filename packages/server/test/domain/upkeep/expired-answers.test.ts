import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { addSeconds } from '@mintaka/contract';
import { inEachWorld, noon } from '@mintaka/testing/worlds';
import type { Context } from '../../../src/domain/context.ts';
import { createFlowRun } from '../../../src/domain/runs/flow-runs.ts';
import { setFlowRunState } from '../../../src/domain/state-changes/set-flow-run-state.ts';
import { forgetExpiredAnswers } from '../../../src/domain/upkeep/expired-answers.ts';

const inPagesOfThree = { MINTAKA_SERVICES_ANSWER_CLEANUP_BATCH_SIZE: '3' };

const noRetries = {
  max_retries: 0,
  retry_delay_seconds: 0,
  retries: null,
  retry_delay: null,
  pause_keys: [],
  resuming: false,
};

/** Stores an answer of some seconds ago; returns its run. */
async function remember({ database }: Context, secondsAgo: number): Promise<string> {
  const run_id = randomUUID();
  await database.transaction((session) =>
    session.run(
      session.sql.insertInto('mintaka_answered_request').values({
        run_id,
        state_id: randomUUID(),
        request_id: 'one',
        fingerprint: 'f',
        answer_lost: false,
        status: 'ACCEPT',
        details: '{}',
        answered: addSeconds(noon, -secondsAgo),
      }),
    ),
  );
  return run_id;
}

async function remembered({ database }: Context): Promise<Set<string>> {
  const rows = await database.read((session) =>
    session.all(session.sql.selectFrom('mintaka_answered_request').select('run_id')),
  );
  return new Set(rows.map((row) => row.run_id));
}

inEachWorld('expired answers', (it) => {
  it(
    'are deleted after an hour, page by page; the others are kept',
    async ({ context }) => {
      for (let number = 0; number < 10; number += 1) await remember(context, 3601 + number);
      const kept = [await remember(context, 3600), await remember(context, 1)];
      assert.equal(await forgetExpiredAnswers(context), 10);
      assert.deepEqual(await remembered(context), new Set(kept));
      assert.equal(await forgetExpiredAnswers(context), 0);
    },
    inPagesOfThree,
  );

  it(
    'are deleted once, however many servers do it concurrently',
    async ({ context, secondServer }) => {
      const second = await secondServer();
      for (let number = 0; number < 20; number += 1) await remember(context, 4000);
      const counts = await Promise.all([forgetExpiredAnswers(context), forgetExpiredAnswers(second)]);
      const left = await forgetExpiredAnswers(context);
      assert.equal(counts[0] + counts[1] + left, 20);
      assert.equal((await remembered(context)).size, 0);
    },
    inPagesOfThree,
  );

  it('are not deleted by state changes, and rows that another server is deleting are not waited for', async (world) => {
    const { context, flowId } = world;
    const run = await createFlowRun(context, { flow_id: flowId, empirical_policy: noRetries }, null);
    const expired = await remember(context, 4000);
    const identity = { requestId: 'two', fingerprint: () => 'g' };
    const change = () =>
      setFlowRunState(context, {
        flowRunId: run.value.id,
        proposal: { type: 'RUNNING' },
        force: true,
        apiVersion: null,
        identity,
      });
    if (context.database.dialect.name === 'sqlite') {
      await change();
    } else {
      await context.database.transaction(async (session) => {
        const { sql, dialect } = session;
        const row = sql.selectFrom('mintaka_answered_request').select('run_id').where('run_id', '=', expired);
        await session.first(dialect.bindings.lock(row, 'mintaka_answered_request'));
        await change();
        assert.equal(await forgetExpiredAnswers(context), 0);
      });
    }
    assert.deepEqual(await remembered(context), new Set([expired, run.value.id]));
  });
});
