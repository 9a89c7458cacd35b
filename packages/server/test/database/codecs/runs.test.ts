import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { addSeconds, type JsonValue, storedJson } from '@mintaka/contract';
import { deploymentFromRow, selectDeployments } from '../../../src/database/codecs/deployment.ts';
import {
  flowRunFromRow,
  pooledFlowRunFromRow,
  selectFlowRuns,
} from '../../../src/database/codecs/flow-run.ts';
import { selectFlowRunStates, stateFromRow } from '../../../src/database/codecs/state.ts';
import { selectTaskRuns, taskRunFromRow } from '../../../src/database/codecs/task-run.ts';
import type { Database, WriteSession } from '../../../src/database/database.ts';
import { type Databases, openBoth } from '../databases.ts';
import { deployment, flowRun, noon, smallWorld, taskRun } from '../filters/small-world.ts';
import { idOf, insertWorld } from '../filters/world.ts';

const state = (row: number) => idOf(8, row);
const artifact = (row: number) => idOf(9, row);
const now = noon(30);

type NewState = { run: number; data?: JsonValue; artifactData?: JsonValue };

/** Gives a flow run a state with its own data, with that of an artifact, with both or with none. */
async function putState(
  { sql, run }: WriteSession,
  row: number,
  { run: owner, data, artifactData }: NewState,
) {
  if (artifactData !== undefined) {
    const values = { id: artifact(row), data: storedJson(artifactData), metadata_: 'null' };
    await run(sql.insertInto('artifact').values(values));
  }
  await run(
    sql.insertInto('flow_run_state').values({
      id: state(row),
      type: 'RUNNING',
      name: 'Running',
      timestamp: addSeconds(noon(10), row / 1000),
      state_details:
        '{"flow_run_id": "x", "scheduled_time": "2026-01-01T00:00:00+02:00", "refresh_cache": true}',
      data: data === undefined ? null : storedJson(data),
      result_artifact_id: artifactData === undefined ? null : artifact(row),
      flow_run_id: flowRun(owner),
    }),
  );
}

describe('runs with their related rows', () => {
  let databases: Databases;
  before(async () => {
    databases = await openBoth();
    for (const database of databases.all) {
      await database.transaction(async (session) => {
        await insertWorld(session, smallWorld);
        const { sql, run } = session;
        const started = { state_id: state(0), state_timestamp: noon(10) };
        await putState(session, 0, { run: 0, artifactData: { answer: 42 } });
        await run(sql.updateTable('flow_run').set(started).where('id', '=', flowRun(0)));
        const task_inputs = '{"x": [{"name": "p", "input_type": "parameter"}], "y": []}';
        await run(sql.updateTable('task_run').set({ task_inputs }).where('id', '=', taskRun(0)));
      });
    }
  });
  after(() => databases.close());

  const readFlowRun = async (database: Database, row: number) => {
    const found = await database.read(({ sql, first }) =>
      first(selectFlowRuns(sql).where('flow_run.id', '=', flowRun(row))),
    );
    assert.ok(found !== undefined);
    return found;
  };

  test('a flow run has its current state with the data of the artifact', async () => {
    for (const database of databases.all) {
      const read = flowRunFromRow(await readFlowRun(database, 0), now);
      const { data, ...rest } = read.state ?? assert.fail('the run has a state');
      assert.deepEqual(data.parse(), { answer: 42 });
      assert.deepEqual(rest, {
        id: state(0),
        type: 'RUNNING',
        name: 'Running',
        timestamp: '2026-03-01 12:00:10.000000',
        message: null,
        state_details: {
          flow_run_id: 'x',
          task_run_id: null,
          child_flow_run_id: null,
          scheduled_time: '2025-12-31 22:00:00.000000',
          cache_key: null,
          cache_expiration: null,
          untrackable_result: false,
          pause_timeout: null,
          pause_reschedule: false,
          pause_key: null,
          refresh_cache: true,
        },
      });
      assert.equal(read.estimated_run_time, 20);
      assert.equal(read.estimated_start_time_delta, 1);
    }
  });

  test('a flow run in a queue has its names and those of its pool', async () => {
    for (const database of databases.all) {
      const row = await readFlowRun(database, 0);
      const { work_queue_name, work_pool_name } = flowRunFromRow(
        { ...row, work_queue_name: 'old name' },
        now,
      );
      assert.deepEqual(
        { work_queue_name, work_pool_name },
        { work_queue_name: 'default', work_pool_name: 'local' },
      );
    }
  });

  test('a flow run returned by a pool keeps its own queue name and has no state', async () => {
    for (const database of databases.all) {
      const row = await readFlowRun(database, 0);
      const {
        work_queue_id,
        work_queue_name,
        state: none,
      } = pooledFlowRunFromRow({ ...row, work_queue_name: null }, now);
      assert.deepEqual(
        { work_queue_id, work_queue_name, none },
        { work_queue_id: idOf(2, 0), work_queue_name: null, none: null },
      );
    }
  });

  test('a flow run without state, queue and deployment has null for each', async () => {
    for (const database of databases.all) {
      const read = flowRunFromRow(await readFlowRun(database, 1), now);
      assert.equal(read.state, null);
      assert.equal(read.work_queue_name, null);
      assert.equal(read.work_pool_name, null);
      assert.equal(read.estimated_start_time_delta, 10);
    }
  });

  test('the fields are in the order of the reference, on both databases', async () => {
    const flowRuns: string[] = [];
    for (const database of databases.all) {
      flowRuns.push(
        JSON.stringify(flowRunFromRow(await readFlowRun(database, 2), now)).replaceAll(
          /"(created|updated)":"[^"]*"/g,
          '$1',
        ),
      );
    }
    const [first = '', ...others] = flowRuns;
    for (const other of others) assert.equal(other, first);
    assert.match(
      first,
      /^\{"id":.*"flow_id":.*"parameters":.*"tags":.*"state_type":.*"created_by":null,"work_pool_name":null,"state":null\}$/,
    );
  });

  test('a task run has its inputs in the order of the reference', async () => {
    for (const database of databases.all) {
      const found = await database.read(({ sql, first }) =>
        first(selectTaskRuns(sql).where('task_run.id', '=', taskRun(0))),
      );
      assert.ok(found !== undefined);
      const read = taskRunFromRow(found, now);
      assert.equal(JSON.stringify(read.task_inputs), '{"x":[{"input_type":"parameter","name":"p"}],"y":[]}');
      assert.equal(read.flow_run_id, flowRun(0));
    }
  });

  test('a deployment has the names of its queue and pool', async () => {
    for (const database of databases.all) {
      const [first, second] = await database.read(({ sql, all }) =>
        all(selectDeployments(sql).where('deployment.flow_id', '=', idOf(3, 0)).orderBy('deployment.id')),
      );
      assert.ok(first !== undefined && second !== undefined);
      assert.deepEqual([deployment(0), 'default', 'local'], names(deploymentFromRow(first)));
      assert.deepEqual([deployment(1), null, null], names(deploymentFromRow(second)));
    }
  });
});

function names({ id, work_queue_name, work_pool_name }: ReturnType<typeof deploymentFromRow>) {
  return [id, work_queue_name, work_pool_name];
}

describe('the data of a state', () => {
  let databases: Databases;
  const cases: [what: string, state: Omit<NewState, 'run'>, expected: JsonValue][] = [
    ['is its own where it has some', { data: 'own', artifactData: 'other' }, 'own'],
    ['is that of its artifact where its own is null', { artifactData: [1] }, [1]],
    [
      'is that of its artifact where its own is an empty object',
      { data: {}, artifactData: 'other' },
      'other',
    ],
    ['is that of its artifact where its own is an empty text', { data: '', artifactData: 'other' }, 'other'],
    ['may be false where that is in the artifact', { artifactData: false }, false],
    ['is null where its own is empty and there is no artifact', { data: [] }, null],
    ['is null without data', {}, null],
  ];
  before(async () => {
    databases = await openBoth();
    for (const database of databases.all) {
      await database.transaction(async (session) => {
        await insertWorld(session, smallWorld);
        for (const [row, [, data]] of cases.entries()) await putState(session, row, { run: 0, ...data });
      });
    }
  });
  after(() => databases.close());

  for (const [row, [what, , expected]] of cases.entries()) {
    test(what, async () => {
      for (const database of databases.all) {
        const found = await database.read(({ sql, first }) =>
          first(selectFlowRunStates(sql).where('flow_run_state.id', '=', state(row))),
        );
        assert.ok(found !== undefined);
        assert.deepEqual(stateFromRow(found).data.parse(), expected, database.dialect.name);
      }
    });
  }
});
