import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Session } from '../../src/database/database.ts';
import {
  type DeploymentOrder,
  type FlowOrder,
  type FlowRunOrder,
  type LogOrder,
  sortDeployments,
  sortFlowRuns,
  sortFlows,
  sortLogs,
  sortTaskRuns,
  type TaskRunOrder,
} from '../../src/database/sorts.ts';
import { type Databases, openBoth } from './databases.ts';
import { smallWorld } from './filters/small-world.ts';
import { insertWorld } from './filters/world.ts';

// The order of the small world's rows, by the last digit of their ids. Where SQLite and Postgres put NULLs at different
// ends, the order on Postgres follows.
const flowRuns: Record<FlowRunOrder, readonly [string, string?]> = {
  ID_DESC: ['210'],
  START_TIME_ASC: ['021'],
  START_TIME_DESC: ['120'],
  EXPECTED_START_TIME_ASC: ['201', '012'],
  EXPECTED_START_TIME_DESC: ['102', '210'],
  NAME_ASC: ['120'],
  NAME_DESC: ['021'],
  NEXT_SCHEDULED_START_TIME_ASC: ['021', '102'],
  END_TIME_DESC: ['012'],
};
const taskRuns: Record<TaskRunOrder, readonly [string, string?]> = {
  ID_DESC: ['10'],
  EXPECTED_START_TIME_ASC: ['01'],
  EXPECTED_START_TIME_DESC: ['01'],
  NAME_ASC: ['01'],
  NAME_DESC: ['10'],
  NEXT_SCHEDULED_START_TIME_ASC: ['01'],
  END_TIME_DESC: ['01'],
};
const logs: Record<LogOrder, readonly [string, string?]> = {
  TIMESTAMP_ASC: ['012'],
  TIMESTAMP_DESC: ['210'],
  LEVEL_ASC: ['012'],
  LEVEL_DESC: ['210'],
  FLOW_RUN_ID_ASC: ['012'],
  FLOW_RUN_ID_DESC: ['201'],
  TASK_RUN_ID_ASC: ['021', '102'],
  TASK_RUN_ID_DESC: ['102', '021'],
};
const flows: Record<FlowOrder, readonly [string, string?]> = {
  CREATED_DESC: ['012'],
  UPDATED_DESC: ['012'],
  NAME_ASC: ['021'],
  NAME_DESC: ['120'],
};
const deployments: Record<DeploymentOrder, readonly [string, string?]> = {
  CREATED_DESC: ['01'],
  UPDATED_DESC: ['01'],
  NAME_ASC: ['10'],
  NAME_DESC: ['01'],
};
/** Orders by columns in which rows of the small world are equal: any order is right among those. */
const tied = new Set(['END_TIME_DESC', 'CREATED_DESC', 'UPDATED_DESC']);

describe('every order of the API', () => {
  let databases: Databases;
  before(async () => {
    databases = await openBoth();
    for (const database of databases.all) {
      await database.transaction((session) => insertWorld(session, smallWorld));
    }
  });
  after(() => databases.close());

  function each<Order extends string>(
    resource: string,
    orders: Record<Order, readonly [string, string?]>,
    ask: (session: Session, order: Order) => Promise<{ id: string }[]>,
  ): void {
    for (const order in orders) {
      const [sqlite, postgres = sqlite] = orders[order];
      test(`${resource}: ${order}`, async () => {
        for (const database of databases.all) {
          const found = (await database.read((session) => ask(session, order))).map(({ id }) => id.at(-1));
          const isTied = tied.has(order) || (resource === 'task runs' && order.includes('START_TIME'));
          const expected = database.dialect.name === 'sqlite' ? sqlite : postgres;
          if (isTied) assert.equal(found.toSorted().join(''), expected);
          else if (order === 'FLOW_RUN_ID_ASC') assert.match(found.join(''), /^(01|10)2$/);
          else if (order === 'FLOW_RUN_ID_DESC') assert.match(found.join(''), /^2(01|10)$/);
          else if (order.startsWith('TASK_RUN_ID')) assert.equal(found.indexOf('1'), expected.indexOf('1'));
          else if (order === 'NEXT_SCHEDULED_START_TIME_ASC' && resource === 'flow runs') {
            assert.equal(found.indexOf('1'), expected.indexOf('1'));
          } else assert.equal(found.join(''), expected, database.dialect.name);
        }
      });
    }
  }

  each('flow runs', flowRuns, ({ sql, all }, order) =>
    all(sortFlowRuns(sql.selectFrom('flow_run').select('id'), order)),
  );
  each('task runs', taskRuns, ({ sql, all }, order) =>
    all(sortTaskRuns(sql.selectFrom('task_run').select('id'), order)),
  );
  each('logs', logs, ({ sql, all }, order) => all(sortLogs(sql.selectFrom('log').select('id'), order)));
  each('flows', flows, ({ sql, all }, order) => all(sortFlows(sql.selectFrom('flow').select('id'), order)));
  each('deployments', deployments, ({ sql, all }, order) =>
    all(sortDeployments(sql.selectFrom('deployment').select('id'), order)),
  );
});
