import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { inEachWorld, makeDeployment, noon } from '@mintaka/testing/worlds';
import type { Context } from '../../../src/domain/context.ts';
import { NotFoundError } from '../../../src/domain/errors.ts';
import { deleteFlow } from '../../../src/domain/flows.ts';
import { createDeletions, type Deletions } from '../../../src/domain/running-deletions.ts';
import { createFlowRun } from '../../../src/domain/runs/flow-runs.ts';
import { createTaskRun } from '../../../src/domain/runs/task-runs.ts';
import { setTaskRunState } from '../../../src/domain/state-changes/set-task-run-state.ts';
import {
  type DeletionReport,
  finishRecordedDeletions,
} from '../../../src/domain/upkeep/recorded-deletions.ts';
import { makeLargeFlow } from './many-rows.ts';
import { countRows, orphans, readRows } from './rows.ts';
import { withSlicesOf } from './small-slices.ts';

const size = { runs: 1000, taskRuns: 100 };
const policy = { max_retries: 0, retry_delay_seconds: 0, retries: null, retry_delay: null };
const flowPolicy = { ...policy, pause_keys: [], resuming: false };
const taskRun = (flowRunId: string, key: string) => ({
  flow_run_id: flowRunId,
  task_key: 'key',
  dynamic_key: key,
  empirical_policy: { ...policy, retry_jitter_factor: null },
});
const stopping = { name: 'TemporarilyUnavailableError', message: /server is stopping/ };

/** The same server; between two steps of its deletions something happens. */
function between(context: Context, happen: (deletions: Deletions) => Promise<void> | void): Context {
  const deletions = createDeletions({
    now: () => performance.now(),
    wait: async () => {
      await happen(deletions);
    },
  });
  return { ...context, deletions };
}

function recorded({ database }: Context): Promise<string[]> {
  return database.read(async (session) => {
    const rows = await session.all(session.sql.selectFrom('mintaka_deletion').select(['kind', 'target_id']));
    return rows.map(({ kind, target_id }) => `${kind} ${target_id}`);
  });
}

function recordingReport(): DeletionReport & { finishedKinds: string[] } {
  const finishedKinds: string[] = [];
  return {
    finishedKinds,
    finished: ({ kind }) => finishedKinds.push(kind),
    failed: (target, error) => assert.fail(`${target.kind}: ${error}`),
  };
}

inEachWorld('an interrupted deletion', (it) => {
  it('is finished by the next server, and leaves nothing behind', async (world) => {
    const before = await countRows(world.context.database);
    const flow = await makeLargeFlow(world.context, size);
    const ending = between(world.context, (deletions) => deletions.stop());
    await assert.rejects(deleteFlow(ending, flow), stopping);
    assert.deepEqual(await recorded(world.context), [`flow ${flow}`]);
    assert.ok(((await countRows(world.context.database)).flow_run ?? 0) > 0, 'not everything is deleted yet');
    const report = recordingReport();
    await finishRecordedDeletions(await world.secondServer(), 0, report);
    assert.deepEqual(report.finishedKinds, ['flow']);
    assert.deepEqual(await countRows(world.context.database), before);
    assert.deepEqual(await recorded(world.context), []);
  });

  it('is left to the server that works on it', async (world) => {
    const flow = await makeLargeFlow(world.context, size);
    const ending = between(world.context, (deletions) => deletions.stop());
    await assert.rejects(deleteFlow(ending, flow), stopping);
    const report = recordingReport();
    // The clock of this world stands still, so the last progress is recent.
    await finishRecordedDeletions(await world.secondServer(), 30, report);
    assert.deepEqual(report.finishedKinds, []);
    assert.deepEqual(await recorded(world.context), [`flow ${flow}`]);
  });

  it('can be continued by several servers at once', async (world) => {
    const before = await countRows(world.context.database);
    const flow = await makeLargeFlow(world.context, size);
    const servers = [world.context, await world.secondServer(), await world.secondServer()];
    const outcomes = await Promise.allSettled(servers.map((server) => deleteFlow(server, flow)));
    assert.ok(outcomes.some(({ status }) => status === 'fulfilled'));
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') assert.ok(outcome.reason instanceof NotFoundError, outcome.reason);
    }
    assert.deepEqual(await countRows(world.context.database), before);
    assert.deepEqual(await recorded(world.context), []);
  });

  it('is joined by repeated requests', async ({ context }) => {
    const flow = await makeLargeFlow(context, size);
    let again: Promise<void> | undefined;
    const server = between(context, () => {
      again ??= deleteFlow(server, flow);
    });
    await deleteFlow(server, flow);
    assert.ok(again !== undefined, 'it took more than one step');
    await again;
    await assert.rejects(deleteFlow(server, flow), NotFoundError);
  });

  it('includes rows that are added while it runs', async ({ context }) => {
    const before = await countRows(context.database);
    const flow = await makeLargeFlow(context, size);
    let added = 0;
    const server = between(context, async () => {
      if (added === 5) return;
      const { value: run } = await createFlowRun(
        context,
        { flow_id: flow, empirical_policy: flowPolicy },
        null,
      );
      await createTaskRun(context, taskRun(run.id, 'key'));
      added += 1;
    });
    await deleteFlow(withSlicesOf(120, server), flow);
    assert.equal(added, 5);
    assert.deepEqual(await countRows(context.database), before);
  });

  it('of a flow deactivates its schedules and deletes the scheduled runs first', async (world) => {
    const { context } = world;
    const deployment = await makeDeployment(world, { interval: 60 });
    await makeManyRuns(context, world.flowId, null);
    await makeManyRuns(context, world.flowId, deployment);
    let steps = 0;
    const server = between(context, (deletions) => {
      steps += 1;
      if (steps === 25) deletions.stop();
    });
    await assert.rejects(deleteFlow(withSlicesOf(40, server), world.flowId), stopping);
    const rows = await readRows(context.database);
    assert.equal(rows.get('deployment')?.get(deployment)?.is_schedule_active, false);
    const left = new Set([...(rows.get('flow_run')?.values() ?? [])].map((run) => run.state_type));
    assert.deepEqual([...left], ['COMPLETED']);
  });

  it('allows state changes, of remaining and of deleted runs', async ({ context, flowId }) => {
    const flow = await makeLargeFlow(context, size);
    const { value: run } = await createFlowRun(
      context,
      { flow_id: flowId, empirical_policy: flowPolicy },
      null,
    );
    const doomed = await createFlowRun(context, { flow_id: flow, empirical_policy: flowPolicy }, null);
    const changes = [];
    for (const flowRun of [run.id, doomed.value.id]) {
      for (let number = 0; number < 40; number += 1) {
        changes.push(
          createTaskRun(context, taskRun(flowRun, String(number))).then(({ value }) =>
            setTaskRunState(context, { taskRunId: value.id, proposal: { type: 'RUNNING' }, force: false }),
          ),
        );
      }
    }
    const [deletion, ...changed] = await Promise.allSettled([deleteFlow(context, flow), ...changes]);
    assert.equal(deletion.status, 'fulfilled');
    for (const [place, outcome] of changed.entries()) {
      if (place < 40) assert.equal(outcome.status, 'fulfilled');
      else if (outcome.status === 'rejected') {
        assert.match(String(outcome.reason), /NotFoundError|IntegrityError/);
      }
    }
    const rows = await readRows(context.database);
    assert.deepEqual(orphans(rows), []);
    assert.equal(rows.get('task_run')?.size, 40);
  });
});

/** Inserts a hundred scheduled runs directly. */
async function makeManyRuns({ database }: Context, flow: string, deployment: string | null): Promise<void> {
  await database.transaction(async (session) => {
    for (let number = 0; number < 100; number += 1) {
      session.send(
        session.sql.insertInto('flow_run').values({
          id: randomUUID(),
          created: noon,
          name: 'run',
          flow_id: flow,
          deployment_id: deployment,
          state_type: deployment === null ? 'COMPLETED' : 'SCHEDULED',
          parameters: '{}',
          context: '{}',
          empirical_policy: '{}',
          tags: '[]',
          total_run_time: session.dialect.bindings.interval(0),
        }),
      );
    }
  });
}

inEachWorld('a deletion blocked by locks of others', (it) => {
  it('continues with the rest, stops after a while, and is finished later', async (world) => {
    if (world.context.database.dialect.name === 'sqlite') return;
    const { context } = world;
    const before = await countRows(context.database);
    const flow = await makeLargeFlow(context, size);
    const run = await context.database.read((session) =>
      session.first(session.sql.selectFrom('flow_run').select('id').limit(1)),
    );
    const { promise: done, resolve: letGo } = Promise.withResolvers<void>();
    const locked = Promise.withResolvers<void>();
    const other = await world.secondServer();
    const holding = other.database.transaction(async (session) => {
      const query = session.sql
        .selectFrom('flow_run')
        .select('id')
        .where('id', '=', run?.id ?? '');
      await session.first(session.dialect.bindings.lock(query, 'flow_run'));
      locked.resolve();
      await done;
    });
    await locked.promise;
    try {
      const hurried = { ...context, deletions: createDeletions(hurriedTimer()) };
      await assert.rejects(deleteFlow(hurried, flow), {
        name: 'TemporarilyUnavailableError',
        message: /locked by other transactions/,
      });
      assert.equal((await countRows(context.database)).flow_run, 1, 'all others are deleted');
    } finally {
      letGo();
      await holding;
    }
    await finishRecordedDeletions(context, 0, recordingReport());
    assert.deepEqual(await countRows(context.database), before);
  });
});

/** Time advances by a second with each call. */
function hurriedTimer() {
  let now = 0;
  return {
    now: () => {
      now += 1000;
      return now;
    },
    wait: () => new Promise<void>((next) => setImmediate(next)),
  };
}
