import assert from 'node:assert/strict';
import {
  addSeconds,
  JSON_NULL,
  type JsonText,
  type StateType,
  type Timestamp,
  wireTimestamp,
} from '@mintaka/contract';
import { inEachWorld, noon, type World } from '@mintaka/testing/worlds';
import type { Context } from '../../../src/domain/context.ts';
import { createFlowRun } from '../../../src/domain/runs/flow-runs.ts';
import { createTaskRun } from '../../../src/domain/runs/task-runs.ts';
import { setFlowRunState } from '../../../src/domain/state-changes/set-flow-run-state.ts';
import { cleanUpCancelledRuns } from '../../../src/domain/upkeep/cancelled-runs.ts';
import { failExpiredPauses } from '../../../src/domain/upkeep/expired-pauses.ts';
import { markLateRuns } from '../../../src/domain/upkeep/late-runs.ts';

const failing = (id: string, error: unknown) => assert.fail(`${id}: ${error}`);
const ago = (seconds: number) => addSeconds(noon, -seconds);
const flowPolicy = { max_retries: 0, retry_delay_seconds: 0, retries: null, retry_delay: null };

type StateOf = { type: StateType; scheduled?: Timestamp; timeout?: Timestamp };

/** Creates a flow run as the API does. */
async function makeRun(
  { context, flowId }: World,
  { type, scheduled, timeout }: StateOf,
  parentTaskRunId: string | null = null,
): Promise<string> {
  const details = { scheduled_time: scheduled ?? null, pause_timeout: timeout ?? null };
  const run = await createFlowRun(
    context,
    {
      flow_id: flowId,
      parent_task_run_id: parentTaskRunId,
      empirical_policy: { ...flowPolicy, pause_keys: [], resuming: false },
      state: {
        type,
        name: null,
        message: null,
        data: JSON_NULL,
        state_details: { ...noDetails, ...details },
      },
    },
    null,
  );
  return run.value.id;
}

const noDetails = {
  flow_run_id: null,
  task_run_id: null,
  child_flow_run_id: null,
  scheduled_time: null,
  cache_key: null,
  cache_expiration: null,
  untrackable_result: false,
  pause_timeout: null,
  pause_reschedule: false,
  pause_key: null,
  refresh_cache: null,
};

async function makeTaskRun(
  { context }: World,
  flowRunId: string,
  type: StateType,
  key: string,
): Promise<string> {
  const run = await createTaskRun(context, {
    flow_run_id: flowRunId,
    task_key: key,
    dynamic_key: '0',
    empirical_policy: { ...flowPolicy, retry_jitter_factor: null },
    state: { type, name: null, message: null, data: JSON_NULL, state_details: noDetails },
  });
  return run.value.id;
}

type Standing = { type: StateType | null; name: string | null; message: string | null; details: JsonText };

/** The state of a run, in its own columns and in its current state. */
async function standing(
  { database }: Context,
  id: string,
  table: 'flow_run' | 'task_run' = 'flow_run',
): Promise<Standing | undefined> {
  return database.read((session) =>
    table === 'flow_run'
      ? session.first(
          session.sql
            .selectFrom('flow_run as run')
            .innerJoin('flow_run_state as state', 'state.id', 'run.state_id')
            .select(['run.state_type as type', 'run.state_name as name'])
            .select(['state.message', 'state.state_details as details'])
            .where('run.id', '=', id),
        )
      : session.first(
          session.sql
            .selectFrom('task_run as run')
            .innerJoin('task_run_state as state', 'state.id', 'run.state_id')
            .select(['run.state_type as type', 'run.state_name as name'])
            .select(['state.message', 'state.state_details as details'])
            .where('run.id', '=', id),
        ),
  );
}

async function namesOf(context: Context, ids: readonly string[]): Promise<(string | null | undefined)[]> {
  const names = [];
  for (const id of ids) names.push((await standing(context, id))?.name);
  return names;
}

/** The same domain, in which something happens after runs were found and before they are changed. */
function interrupted(context: Context, happens: () => Promise<unknown>): Context {
  const { database } = context;
  const then = async <Result>(found: Promise<Result>): Promise<Result> => {
    const result = await found;
    await happens();
    return result;
  };
  return {
    ...context,
    database: {
      ...database,
      read: (work) => then(database.read(work)),
      readLong: (work) => then(database.readLong(work)),
    },
  };
}

/** The same world, in which time advances by a microsecond with each call of the clock. */
function ticking(world: World): World {
  let micros = 0;
  const now = () => {
    micros += 1;
    return addSeconds(noon, micros / 1e6);
  };
  return { ...world, context: { ...world.context, clock: { now } } };
}

function force(context: Context, flowRunId: string, type: StateType) {
  return setFlowRunState(context, { flowRunId, proposal: { type }, force: true, apiVersion: null });
}

inEachWorld('late runs', (it) => {
  it('are the scheduled ones that are overdue by more than the grace', async (world) => {
    const late = await makeRun(world, { type: 'SCHEDULED', scheduled: ago(6) });
    const inTime = await makeRun(world, { type: 'SCHEDULED', scheduled: ago(4) });
    const pending = await makeRun(world, { type: 'PENDING' });
    assert.equal(await markLateRuns(world.context, failing), 1);
    assert.deepEqual(await namesOf(world.context, [late, inTime, pending]), ['Late', 'Scheduled', 'Pending']);
    const { type, details } = (await standing(world.context, late)) ?? assert.fail('the run vanished');
    assert.equal(type, 'SCHEDULED');
    assert.equal(Object(details.parse()).scheduled_time, wireTimestamp(ago(6)));
    assert.equal(await markLateRuns(world.context, failing), 0, 'late runs are not found again');
  });

  it(
    'are found if there are more than fit into a batch',
    async (world) => {
      for (let number = 0; number < 7; number += 1) {
        await makeRun(world, { type: 'SCHEDULED', scheduled: ago(10 + (number % 3)) });
      }
      assert.equal(await markLateRuns(world.context, failing), 7);
    },
    { MINTAKA_SERVICES_LATE_RUNS_BATCH_SIZE: '2' },
  );

  it('do not include a run that an agent claimed in the meantime', async (world) => {
    const run = await makeRun(world, { type: 'SCHEDULED', scheduled: ago(60) });
    const context = interrupted(world.context, () => force(world.context, run, 'PENDING'));
    assert.equal(await markLateRuns(context, failing), 0);
    assert.deepEqual(await namesOf(world.context, [run]), ['Pending']);
  });

  it('are marked once, however many servers search at the same time', async (world) => {
    for (let number = 0; number < 30; number += 1)
      await makeRun(world, { type: 'SCHEDULED', scheduled: ago(60) });
    const second = await world.secondServer();
    const marked = await Promise.all([markLateRuns(world.context, failing), markLateRuns(second, failing)]);
    assert.equal(marked[0] + marked[1], 30);
  });
});

inEachWorld('expired pauses', (it) => {
  it('fail the runs whose timeout has passed, and no others', async (world) => {
    const expired = await makeRun(world, { type: 'PAUSED', timeout: ago(1) });
    const paused = await makeRun(world, { type: 'PAUSED', timeout: addSeconds(noon, 1) });
    const endless = await makeRun(world, { type: 'PAUSED' });
    assert.equal(await failExpiredPauses(world.context, failing), 1);
    assert.deepEqual(await namesOf(world.context, [expired, paused, endless]), [
      'Failed',
      'Paused',
      'Paused',
    ]);
    assert.equal((await standing(world.context, expired))?.message, 'The flow was paused and never resumed.');
  });

  it('are found if their timeout is to the second, exact to the microsecond, or in another time zone', async (world) => {
    const timeouts = {
      '2026-06-01T11:59:59+00:00': 'Failed',
      '2026-06-01T12:00:00+00:00': 'Paused',
      '2026-06-01T11:59:59.999999+00:00': 'Failed',
      '2026-06-01T12:00:00.000001+00:00': 'Paused',
      '2026-06-01T13:59:59+02:00': 'Failed',
      '2026-06-01T08:00:01-04:00': 'Paused',
    };
    const runs: string[] = [];
    for (const timeout of Object.keys(timeouts)) {
      const run = await makeRun(world, { type: 'PAUSED' });
      await world.context.database.transaction(({ sql, run: write }) =>
        write(
          sql
            .updateTable('flow_run_state')
            .set({ state_details: JSON.stringify({ pause_timeout: timeout }) })
            .where('flow_run_id', '=', run),
        ),
      );
      runs.push(run);
    }
    assert.equal(await failExpiredPauses(world.context, failing), 3);
    assert.deepEqual(await namesOf(world.context, runs), Object.values(timeouts));
  });

  it(
    'are found behind more than a batch of unexpired pauses',
    async (world) => {
      for (let number = 0; number < 5; number += 1) {
        await makeRun(world, { type: 'PAUSED', timeout: addSeconds(noon, 60) });
        await makeRun(world, { type: 'PAUSED', timeout: ago(60) });
      }
      assert.equal(await failExpiredPauses(world.context, failing), 5);
    },
    { MINTAKA_SERVICES_PAUSE_EXPIRATIONS_BATCH_SIZE: '2' },
  );

  it('do not change a run that was resumed in the meantime', async (world) => {
    const run = await makeRun(world, { type: 'PAUSED', timeout: ago(1) });
    const context = interrupted(world.context, () => force(world.context, run, 'RUNNING'));
    assert.equal(await failExpiredPauses(context, failing), 0);
    assert.deepEqual(await namesOf(world.context, [run]), ['Running']);
  });
});

inEachWorld('the clean-up after cancelled runs', (it) => {
  it('cancels open task runs and subflows, and does not change ended ones', async (still) => {
    const world = ticking(still);
    const { context } = world;
    const parent = await makeRun(world, { type: 'RUNNING' });
    const open = await makeTaskRun(world, parent, 'RUNNING', 'open');
    const ended = await makeTaskRun(world, parent, 'COMPLETED', 'ended');
    const subflow = await makeRun(world, { type: 'RUNNING' }, open);
    const doneSubflow = await makeRun(world, { type: 'COMPLETED' }, ended);
    const stranger = await makeRun(world, { type: 'RUNNING' });
    const strangersTask = await makeTaskRun(world, stranger, 'RUNNING', 'stranger');
    await force(context, parent, 'CANCELLED');

    assert.equal(await cleanUpCancelledRuns(context, failing), 2);
    const message = 'The parent flow run was cancelled.';
    for (const found of [await standing(context, open, 'task_run'), await standing(context, subflow)]) {
      assert.deepEqual([found?.type, found?.message], ['CANCELLED', message]);
    }
    assert.equal((await standing(context, ended, 'task_run'))?.type, 'COMPLETED');
    assert.equal((await standing(context, strangersTask, 'task_run'))?.type, 'RUNNING');
    assert.deepEqual(await namesOf(context, [doneSubflow, stranger]), ['Completed', 'Running']);
    assert.equal(await cleanUpCancelledRuns(context, failing), 0);
  });

  it('processes runs that were cancelled within the last day', async (world) => {
    const { context } = world;
    const parent = await makeRun(world, { type: 'RUNNING' });
    await makeTaskRun(world, parent, 'RUNNING', 'open');
    await force(context, parent, 'CANCELLED');
    const nextWeek = { ...context, clock: { now: () => addSeconds(noon, 7 * 86_400) } };
    assert.equal(await cleanUpCancelledRuns(nextWeek, failing), 0);
    assert.equal(await cleanUpCancelledRuns(context, failing), 1);
  });

  it(
    'terminates with more cancelled runs than a batch, with and without open tasks',
    async (world) => {
      for (let number = 0; number < 6; number += 1) {
        const parent = await makeRun(world, { type: 'RUNNING' });
        if (number % 2 === 0) await makeTaskRun(world, parent, 'PENDING', 'open');
        await force(world.context, parent, 'CANCELLED');
      }
      assert.equal(await cleanUpCancelledRuns(world.context, failing), 3);
    },
    { MINTAKA_SERVICES_CANCELLATION_CLEANUP_BATCH_SIZE: '2' },
  );

  it('does not change a task run that ended in the meantime', async (world) => {
    const { context } = world;
    const parent = await makeRun(world, { type: 'RUNNING' });
    const task = await makeTaskRun(world, parent, 'RUNNING', 'open');
    await force(context, parent, 'CANCELLED');
    const ends = () =>
      context.database.transaction((session) =>
        session.run(
          session.sql.updateTable('task_run').set({ state_type: 'COMPLETED' }).where('id', '=', task),
        ),
      );
    assert.equal(await cleanUpCancelledRuns(interrupted(context, ends), failing), 0);
  });
});
