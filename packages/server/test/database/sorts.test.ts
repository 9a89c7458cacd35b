import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { DeploymentSort, FlowRunSort, FlowSort, LogSort, TaskRunSort } from '@mintaka/contract';
import type { ReadSession, WriteSession } from '../../src/database/database.ts';
import {
  orderOfTaskRuns,
  sortDeployments,
  sortFlowRuns,
  sortFlows,
  sortLogs,
} from '../../src/database/sorts.ts';
import { type Databases, openBoth } from './databases.ts';
import { flow, flowRun, noon, smallWorld, taskRun } from './filters/small-world.ts';
import { insertWorld } from './filters/world.ts';

type Key = string | number | null;

/** The sort key of a row of the small world, and the direction. */
type Expected<Row> = readonly [key: (row: Row) => Key, direction: 'asc' | 'desc'];

type FlowRunRow = {
  id: string;
  name: string;
  start_time: Key;
  expected_start_time: Key;
  next_scheduled_start_time: Key;
  end_time: Key;
};
type TaskRunRow = Omit<FlowRunRow, 'start_time'>;
type LogRow = { id: string; timestamp: Key; level: Key; flow_run_id: Key; task_run_id: Key };
type NamedRow = { id: string; created: Key; updated: Key; name: Key };

const flowRuns: Record<FlowRunSort, Expected<FlowRunRow>> = {
  ID_DESC: [(row) => row.id, 'desc'],
  START_TIME_ASC: [(row) => row.start_time ?? row.expected_start_time, 'asc'],
  START_TIME_DESC: [(row) => row.start_time ?? row.expected_start_time, 'desc'],
  EXPECTED_START_TIME_ASC: [(row) => row.expected_start_time, 'asc'],
  EXPECTED_START_TIME_DESC: [(row) => row.expected_start_time, 'desc'],
  NAME_ASC: [(row) => row.name, 'asc'],
  NAME_DESC: [(row) => row.name, 'desc'],
  NEXT_SCHEDULED_START_TIME_ASC: [(row) => row.next_scheduled_start_time, 'asc'],
  END_TIME_DESC: [(row) => row.end_time, 'desc'],
};
const taskRuns: Record<TaskRunSort, Expected<TaskRunRow>> = {
  ID_DESC: [(row) => row.id, 'desc'],
  EXPECTED_START_TIME_ASC: [(row) => row.expected_start_time, 'asc'],
  EXPECTED_START_TIME_DESC: [(row) => row.expected_start_time, 'desc'],
  NAME_ASC: [(row) => row.name, 'asc'],
  NAME_DESC: [(row) => row.name, 'desc'],
  NEXT_SCHEDULED_START_TIME_ASC: [(row) => row.next_scheduled_start_time, 'asc'],
  END_TIME_DESC: [(row) => row.end_time, 'desc'],
};
const logs: Record<LogSort, Expected<LogRow>> = {
  TIMESTAMP_ASC: [(row) => row.timestamp, 'asc'],
  TIMESTAMP_DESC: [(row) => row.timestamp, 'desc'],
  LEVEL_ASC: [(row) => row.level, 'asc'],
  LEVEL_DESC: [(row) => row.level, 'desc'],
  FLOW_RUN_ID_ASC: [(row) => row.flow_run_id, 'asc'],
  FLOW_RUN_ID_DESC: [(row) => row.flow_run_id, 'desc'],
  TASK_RUN_ID_ASC: [(row) => row.task_run_id, 'asc'],
  TASK_RUN_ID_DESC: [(row) => row.task_run_id, 'desc'],
};
const named: Record<FlowSort & DeploymentSort, Expected<NamedRow>> = {
  CREATED_DESC: [(row) => row.created, 'desc'],
  UPDATED_DESC: [(row) => row.updated, 'desc'],
  NAME_ASC: [(row) => row.name, 'asc'],
  NAME_DESC: [(row) => row.name, 'desc'],
};

/** Gives the rows of the small world different times. */
async function spread({ sql, run }: WriteSession): Promise<void> {
  for (const row of [0, 2]) {
    await run(
      sql
        .updateTable('flow_run')
        .set({ end_time: noon(30 + row) })
        .where('id', '=', flowRun(row)),
    );
  }
  const times = { expected_start_time: noon(3), next_scheduled_start_time: noon(4), end_time: noon(5) };
  await run(sql.updateTable('task_run').set(times).where('id', '=', taskRun(1)));
  for (const [row, moment] of [noon(2), noon(1), noon(3)].entries()) {
    const moments = { created: moment, updated: moment };
    await run(sql.updateTable('flow').set(moments).where('id', '=', flow(row)));
  }
}

/** In SQLite NULL is less than everything, in Postgres more. */
function compare(a: Key, b: Key, nullsFirst: boolean): number {
  if (a === b) return 0;
  if (a === null || b === null) return (a === null) === nullsFirst ? -1 : 1;
  return a < b ? -1 : 1;
}

describe('every order of the API, by the keys of the rows', () => {
  let databases: Databases;
  before(async () => {
    databases = await openBoth();
    for (const database of databases.all) {
      await database.transaction(async (session) => {
        await insertWorld(session, smallWorld);
        await spread(session);
      });
    }
  });
  after(() => databases.close());

  function each<Order extends string, Row>(
    resource: string,
    orders: Record<Order, Expected<Row>>,
    ask: (session: ReadSession, order: Order) => Promise<Row[]>,
  ): void {
    for (const order in orders) {
      const [keyOf, direction] = orders[order];
      test(`${resource}: ${order}`, async () => {
        for (const database of databases.all) {
          const keys = (await database.read((session) => ask(session, order))).map(keyOf);
          const ascending = keys.toSorted((a, b) => compare(a, b, database.dialect.name === 'sqlite'));
          assert.ok(keys.length > 1);
          assert.deepEqual(keys, direction === 'asc' ? ascending : ascending.toReversed());
        }
      });
    }
  }

  each('flow runs', flowRuns, ({ sql, all }, order) =>
    all(sortFlowRuns(sql.selectFrom('flow_run').selectAll(), order)),
  );
  each('task runs', taskRuns, ({ sql, all }, order) =>
    all(
      sql
        .selectFrom('task_run')
        .selectAll()
        .orderBy(...orderOfTaskRuns(order)),
    ),
  );
  each('logs', logs, ({ sql, all }, order) => all(sortLogs(sql.selectFrom('log').selectAll(), order)));
  each('flows', named, ({ sql, all }, order) => all(sortFlows(sql.selectFrom('flow').selectAll(), order)));
  each('deployments', named, ({ sql, all }, order) =>
    all(sortDeployments(sql.selectFrom('deployment').selectAll(), order)),
  );
});
