import assert from 'node:assert/strict';
import { addSeconds, JSON_NULL, NO_STATE_DETAILS, type StateType } from '@mintaka/contract';
import { inEachWorld, noon, type World } from '@mintaka/testing/worlds';
import type { WriteSession } from '../../../src/database/database.ts';
import { createFlowRun } from '../../../src/domain/runs/flow-runs.ts';
import { createTaskRun } from '../../../src/domain/runs/task-runs.ts';
import { retryFailedTasks } from '../../../src/domain/state-changes/set-task-run-state.ts';

const policy = { max_retries: 0, retry_delay_seconds: 0, retries: null, retry_delay: null };
const due = addSeconds(noon, 60);

async function makeFlowRun({ context, flowId }: World): Promise<string> {
  const empirical_policy = { ...policy, pause_keys: [], resuming: false };
  return (await createFlowRun(context, { flow_id: flowId, empirical_policy }, null)).value.id;
}

async function makeTaskRun({ context }: World, flowRunId: string, key: string, type: StateType) {
  const { value } = await createTaskRun(context, {
    flow_run_id: flowRunId,
    task_key: key,
    dynamic_key: '0',
    tags: ['database'],
    empirical_policy: { ...policy, retry_jitter_factor: null },
    state: { type, name: null, message: null, data: JSON_NULL, state_details: NO_STATE_DETAILS },
  });
  return value.id;
}

/** A session that counts the statements whose answers are awaited. */
function counting(session: WriteSession): { session: WriteSession; count: () => number } {
  let awaited = 0;
  const counted: WriteSession = {
    ...session,
    all: (query) => {
      awaited += 1;
      return session.all(query);
    },
    first: (query) => {
      awaited += 1;
      return session.first(query);
    },
    ask: (statement) => {
      awaited += 1;
      return session.ask(statement);
    },
    run: (query) => {
      awaited += 1;
      return session.run(query);
    },
  };
  return { session: counted, count: () => awaited };
}

inEachWorld('the failed tasks of a flow run that is retried', (it) => {
  it('wait for their retry with a run count of 0, and no others do', async (world) => {
    const { database } = world.context;
    const flowRunId = await makeFlowRun(world);
    for (const key of ['one', 'two']) await makeTaskRun(world, flowRunId, key, 'FAILED');
    await makeTaskRun(world, flowRunId, 'done', 'COMPLETED');
    await makeTaskRun(world, await makeFlowRun(world), 'of another', 'FAILED');
    await database.transaction((session) =>
      session.run(session.sql.updateTable('task_run').set({ run_count: 3 })),
    );
    await database.transaction((session) => retryFailedTasks(world.context, session, flowRunId, due));
    const rows = await database.read((session) =>
      session.all(
        session.sql
          .selectFrom('task_run')
          .innerJoin('task_run_state as state', 'state.id', 'task_run.state_id')
          .select([
            'task_run.task_key',
            'task_run.run_count',
            'state.name',
            'task_run.next_scheduled_start_time as due',
          ])
          .orderBy('task_run.task_key'),
      ),
    );
    assert.deepEqual(
      rows.map((row) => [row.task_key, row.name, row.run_count, row.due]),
      [
        ['done', 'Completed', 3, null],
        ['of another', 'Failed', 3, null],
        ['one', 'AwaitingRetry', 0, due],
        ['two', 'AwaitingRetry', 0, due],
      ],
    );
  });

  it('are read together, however many there are', async (world) => {
    const awaited: number[] = [];
    for (const tasks of [1, 6]) {
      const flowRunId = await makeFlowRun(world);
      for (let key = 0; key < tasks; key += 1) await makeTaskRun(world, flowRunId, `task ${key}`, 'FAILED');
      awaited.push(
        await world.context.database.transaction(async (session) => {
          const counted = counting(session);
          await retryFailedTasks(world.context, counted.session, flowRunId, due);
          return counted.count();
        }),
      );
    }
    assert.deepEqual(awaited, [3, 3], 'their ids, the runs, and the limits on their tags');
  });
});
