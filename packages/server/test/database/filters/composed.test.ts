import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { ReadSession } from '../../../src/database/database.ts';
import {
  composeDeployments,
  composeFlowRuns,
  composeFlows,
  narrow,
  taskRunsWhere,
} from '../../../src/database/filters/compose.ts';
import type { Filters } from '../../../src/database/filters/filters.ts';
import { type Databases, openBoth } from '../databases.ts';
import { deployment, flow, flowRun, noon, queue, smallWorld, taskRun } from './small-world.ts';
import { insertWorld } from './world.ts';

type Case = readonly [what: string, filters: Filters, rows: readonly number[]];

const nobody = 'ffffffff-0000-4000-8000-000000000000';

const flowRunCases: Case[] = [
  ['no filters at all', {}, [0, 1, 2]],
  ['null for a filter', { flow_runs: null, flows: null }, [0, 1, 2]],
  ['an empty filter of its own', { flow_runs: {} }, [0, 1, 2]],
  ['id any_', { flow_runs: { id: { any_: [flowRun(0), flowRun(2), nobody] } } }, [0, 2]],
  ['id any_ of an empty list', { flow_runs: { id: { any_: [] } } }, []],
  ['id not_any_', { flow_runs: { id: { not_any_: [flowRun(0)] } } }, [1, 2]],
  ['id not_any_ of an empty list', { flow_runs: { id: { not_any_: [] } } }, [0, 1, 2]],
  [
    'id any_ and not_any_',
    { flow_runs: { id: { any_: [flowRun(0), flowRun(1)], not_any_: [flowRun(1)] } } },
    [0],
  ],
  ['name any_', { flow_runs: { name: { any_: ['quick-fox', 'Lazy-dog'] } } }, [0]],
  ['name like_ in any case', { flow_runs: { name: { like_: 'FOX' } } }, [0, 2]],
  ['name like_ with a wildcard', { flow_runs: { name: { like_: 'l_zy%x' } } }, [2]],
  ['name like_ of nothing', { flow_runs: { name: { like_: '' } } }, [0, 1, 2]],
  ['name like_ with a backslash', { flow_runs: { name: { like_: '\\' } } }, []],
  ['tags all_', { flow_runs: { tags: { all_: ['blue', 'red'] } } }, [0]],
  ['tags all_ of an empty list', { flow_runs: { tags: { all_: [] } } }, [0, 1, 2]],
  ['tags is_null_', { flow_runs: { tags: { is_null_: true } } }, [1]],
  ['tags is_null_ false', { flow_runs: { tags: { is_null_: false } } }, [0, 2]],
  ['tags all_ and is_null_', { flow_runs: { tags: { all_: ['blue'], is_null_: true } } }, []],
  [
    'tags all_ or is_null_',
    { flow_runs: { tags: { operator: 'or_', all_: ['blue'], is_null_: true } } },
    [0, 1],
  ],
  ['deployment_id any_', { flow_runs: { deployment_id: { any_: [deployment(0)] } } }, [0]],
  ['deployment_id is_null_', { flow_runs: { deployment_id: { is_null_: true } } }, [1, 2]],
  ['deployment_id any_ and is_null_', { flow_runs: { deployment_id: { any_: [], is_null_: true } } }, []],
  [
    'deployment_id any_ or is_null_',
    { flow_runs: { deployment_id: { operator: 'or_', any_: [deployment(0)], is_null_: true } } },
    [0, 1, 2],
  ],
  ['work_queue_name any_', { flow_runs: { work_queue_name: { any_: ['default'] } } }, [0]],
  ['work_queue_name is_null_ false', { flow_runs: { work_queue_name: { is_null_: false } } }, [0]],
  ['flow_version any_', { flow_runs: { flow_version: { any_: ['2', '3'] } } }, [1]],
  ['state type any_', { flow_runs: { state: { type: { any_: ['RUNNING', 'FAILED'] } } } }, [0]],
  ['state name any_', { flow_runs: { state: { name: { any_: ['Late'] } } } }, [1]],
  [
    'state type and name',
    { flow_runs: { state: { type: { any_: ['RUNNING'] }, name: { any_: ['Late'] } } } },
    [],
  ],
  [
    'state type or name',
    { flow_runs: { state: { operator: 'or_', type: { any_: ['RUNNING'] }, name: { any_: ['Late'] } } } },
    [0, 1],
  ],
  [
    'state with an empty type or a name, where the empty one counts as left out',
    { flow_runs: { state: { operator: 'or_', type: {}, name: { any_: ['Late'] } } } },
    [1],
  ],
  ['start_time before_, end included', { flow_runs: { start_time: { before_: noon(10) } } }, [0]],
  ['start_time after_, end included', { flow_runs: { start_time: { after_: noon(12) } } }, [2]],
  ['start_time is_null_', { flow_runs: { start_time: { is_null_: true } } }, [1]],
  [
    'start_time is_null_ and before_',
    { flow_runs: { start_time: { is_null_: true, before_: noon(59) } } },
    [],
  ],
  ['expected_start_time after_', { flow_runs: { expected_start_time: { after_: noon(10) } } }, [1]],
  [
    'next_scheduled_start_time before_',
    { flow_runs: { next_scheduled_start_time: { before_: noon(20) } } },
    [1],
  ],
  ['parent_task_run_id any_', { flow_runs: { parent_task_run_id: { any_: [taskRun(1)] } } }, [2]],
  ['parent_task_run_id is_null_', { flow_runs: { parent_task_run_id: { is_null_: true } } }, [0, 1]],
  [
    'or_ over criteria',
    { flow_runs: { operator: 'or_', name: { like_: 'dog' }, state: { type: { any_: ['RUNNING'] } } } },
    [0, 1],
  ],
  [
    'or_ with an empty criterion, which every row meets',
    { flow_runs: { operator: 'or_', name: { any_: ['nobody'] }, id: {} } },
    [0, 1, 2],
  ],
  ['flows', { flows: { name: { any_: ['Marvin'] } } }, [0, 1]],
  ['an empty flows', { flows: {} }, [0, 1, 2]],
  ['deployments', { deployments: { name: { like_: 'night' } } }, [0]],
  ['an empty deployments, which asks that there be one', { deployments: {} }, [0]],
  ['task_runs', { task_runs: { name: { like_: 'extract' } } }, [0]],
  ['an empty task_runs, which asks that there be one', { task_runs: {} }, [0]],
  [
    'task_runs by subflows, although the subflow is a flow run too',
    { task_runs: { subflow_runs: { exists_: true } } },
    [0],
  ],
  ['flows and task_runs', { flows: { name: { any_: ['sad-marvin'] } }, task_runs: {} }, []],
  ['work_pools', { work_pools: { type: { any_: ['process'] } } }, [0]],
  ['an empty work_pools, which asks that there be one', { work_pools: {} }, [0]],
  ['work_pool_queues', { work_pool_queues: { name: { any_: ['default'] } } }, [0]],
  [
    'work_pools and work_pool_queues',
    { work_pools: { name: { any_: ['cluster'] } }, work_pool_queues: { name: { any_: ['default'] } } },
    [],
  ],
];

const taskRunCases: Case[] = [
  ['no filters at all', {}, [0, 1]],
  ['id', { task_runs: { id: { any_: [taskRun(1)] } } }, [1]],
  ['name', { task_runs: { name: { like_: 'SUBFLOW' } } }, [1]],
  ['tags', { task_runs: { tags: { all_: ['red'] } } }, [0]],
  ['state', { task_runs: { state: { name: { any_: ['Cached'] } } } }, [0]],
  ['start_time', { task_runs: { start_time: { is_null_: true } } }, [1]],
  ['subflow_runs exists_', { task_runs: { subflow_runs: { exists_: true } } }, [1]],
  ['subflow_runs exists_ false', { task_runs: { subflow_runs: { exists_: false } } }, [0]],
  ['an empty subflow_runs', { task_runs: { subflow_runs: {} } }, [0, 1]],
  ['flow_runs', { flow_runs: { name: { like_: 'dog' } } }, []],
  ['an empty flow_runs', { flow_runs: {} }, [0, 1]],
  ['flows', { flows: { id: { any_: [flow(0)] } } }, [0, 1]],
  ['deployments', { deployments: { is_schedule_active: { eq_: false } } }, []],
  [
    'flow_runs and task_runs',
    { flow_runs: { name: { like_: 'fox' } }, task_runs: { name: { like_: 'ext' } } },
    [0],
  ],
];

const flowCases: Case[] = [
  ['no filters at all', {}, [0, 1, 2]],
  ['id', { flows: { id: { any_: [flow(2)] } } }, [2]],
  ['name', { flows: { name: { like_: 'MARVIN' } } }, [0, 1]],
  ['name any_ and like_', { flows: { name: { like_: 'marvin', any_: ['Marvin'] } } }, [0]],
  ['tags', { flows: { tags: { is_null_: true } } }, [2]],
  ['flow_runs', { flow_runs: { state: { name: { any_: ['Late'] } } } }, [0]],
  ['an empty flow_runs, which asks that there be one', { flow_runs: {} }, [0, 1]],
  ['task_runs', { task_runs: { state: { type: { any_: ['COMPLETED'] } } } }, [0]],
  ['flow_runs and task_runs of the same run', { flow_runs: { name: { like_: 'dog' } }, task_runs: {} }, []],
  ['deployments', { deployments: {} }, [0]],
];

const deploymentCases: Case[] = [
  ['no filters at all', {}, [0, 1]],
  ['id', { deployments: { id: { any_: [deployment(1)] } } }, [1]],
  ['name', { deployments: { name: { like_: 'HAND' } } }, [1]],
  ['is_schedule_active', { deployments: { is_schedule_active: { eq_: true } } }, [0]],
  ['is_schedule_active false', { deployments: { is_schedule_active: { eq_: false } } }, [1]],
  ['tags', { deployments: { tags: { all_: ['red'] } } }, [0]],
  ['work_queue_name', { deployments: { work_queue_name: { any_: ['default'] } } }, [0]],
  ['flows', { flows: { name: { any_: ['Marvin'] } } }, [0, 1]],
  ['flow_runs', { flow_runs: { state: { type: { any_: ['RUNNING'] } } } }, [0]],
  ['an empty flow_runs, which asks that there be one', { flow_runs: {} }, [0]],
  ['task_runs', { task_runs: {} }, [0]],
  ['work_pools', { work_pools: { name: { any_: ['local', 'cluster'] } } }, [0]],
  ['work_pool_queues by id', { work_pool_queues: { id: { any_: [queue(1)] } } }, []],
  [
    'work_pool_queues startswith_ in any case',
    { work_pool_queues: { name: { startswith_: ['x', 'DEF'] } } },
    [0],
  ],
  ['work_pool_queues startswith_ of an empty list', { work_pool_queues: { name: { startswith_: [] } } }, [0]],
  [
    'startswith_ of an empty list within or_, where it counts as left out',
    { work_pool_queues: { operator: 'or_', name: { startswith_: [] }, id: { any_: [] } } },
    [],
  ],
];

type Ask = (session: ReadSession, filters: Filters) => Promise<{ id: string }[]>;
const resources: [what: string, cases: Case[], idOf: (row: number) => string, ask: Ask][] = [
  [
    'flow runs',
    flowRunCases,
    flowRun,
    (session, filters) =>
      session.all(
        composeFlowRuns(session, session.sql.selectFrom('flow_run').select('id'), filters).orderBy('id'),
      ),
  ],
  [
    'task runs',
    taskRunCases,
    taskRun,
    (session, filters) =>
      session.all(
        narrow(
          session.sql.selectFrom('task_run').select('id'),
          taskRunsWhere(filters, session.dialect.bindings),
        ).orderBy('id'),
      ),
  ],
  [
    'flows',
    flowCases,
    flow,
    (session, filters) =>
      session.all(composeFlows(session, session.sql.selectFrom('flow').select('id'), filters).orderBy('id')),
  ],
  [
    'deployments',
    deploymentCases,
    deployment,
    (session, filters) =>
      session.all(
        composeDeployments(session, session.sql.selectFrom('deployment').select('id'), filters).orderBy('id'),
      ),
  ],
];

describe('composed filters match the same rows on both databases', () => {
  let databases: Databases;
  before(async () => {
    databases = await openBoth();
    for (const database of databases.all) {
      await database.transaction((session) => insertWorld(session, smallWorld));
    }
  });
  after(() => databases.close());

  for (const [resource, cases, idOf, ask] of resources) {
    for (const [what, filters, expected] of cases) {
      test(`${resource} by ${what}`, async () => {
        for (const database of databases.all) {
          const found = await database.read((session) => ask(session, filters));
          assert.deepEqual(
            found.map(({ id }) => id),
            expected.map(idOf),
            database.dialect.name,
          );
        }
      });
    }
  }
});

test('lists of any length use the same statement, so that it stays prepared', async () => {
  const databases = await openBoth();
  for (const database of databases.all) {
    await database.read(async (session) => {
      const texts = [[], ['a'], ['a', 'b', 'c']].map((all) => {
        const filters: Filters = {
          flow_runs: {
            id: { any_: all, not_any_: all },
            tags: { all_: ['tag', ...all] },
            name: { any_: all },
          },
        };
        return composeFlowRuns(session, session.sql.selectFrom('flow_run').select('id'), filters).compile()
          .sql;
      });
      assert.equal(new Set(texts).size, 1);
    });
  }
  await databases.close();
});
