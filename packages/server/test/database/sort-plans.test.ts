import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { DEPLOYMENT_SORTS, FLOW_RUN_SORTS, FLOW_SORTS, LOG_SORTS, TASK_RUN_SORTS } from '@mintaka/contract';
import type { CompiledQuery } from 'kysely';
import { selectDeployments } from '../../src/database/codecs/deployment.ts';
import { selectFlowRuns } from '../../src/database/codecs/flow-run.ts';
import { selectTaskRuns } from '../../src/database/codecs/task-run.ts';
import type { Database, ReadSession } from '../../src/database/database.ts';
import {
  orderOfTaskRuns,
  sortDeployments,
  sortFlowRuns,
  sortFlows,
  sortLogs,
} from '../../src/database/sorts.ts';
import { type Databases, openBoth } from './databases.ts';

/** The steps of a query's plan. On Postgres it may only sort or scan a whole table if necessary. */
async function planOf(database: Database, build: (session: ReadSession) => CompiledQuery): Promise<string> {
  const { sql, parameters } = await database.read(async (session) => build(session));
  return database.administer(async (connection) => {
    if (database.dialect.name === 'sqlite') {
      const steps = await connection.query(`EXPLAIN QUERY PLAN ${sql}`, parameters);
      return steps.map((step) => step.detail).join('\n');
    }
    await connection.exec('SET enable_sort = off; SET enable_seqscan = off');
    const steps = await connection.query(`EXPLAIN ${sql}`, parameters);
    return steps.map((step) => step['QUERY PLAN']).join('\n');
  });
}

describe('the first page in every order is read from an index, without a sort', () => {
  let databases: Databases;
  before(async () => {
    databases = await openBoth();
  });
  after(() => databases.close());

  function each<Sort extends string>(
    resource: string,
    sorts: readonly Sort[],
    query: (session: ReadSession, sort: Sort) => CompiledQuery,
  ): void {
    for (const sort of sorts) {
      test(`${resource}: ${sort}`, async () => {
        for (const database of databases.all) {
          const plan = await planOf(database, (session) => query(session, sort));
          assert.doesNotMatch(plan, /TEMP B-TREE|\bSort\b/, `${database.dialect.name}:\n${plan}`);
        }
      });
    }
  }

  each('flow runs', FLOW_RUN_SORTS, ({ sql }, sort) =>
    sortFlowRuns(selectFlowRuns(sql), sort).limit(200).compile(),
  );
  each('task runs', TASK_RUN_SORTS, ({ sql }, sort) =>
    selectTaskRuns(sql)
      .orderBy(...orderOfTaskRuns(sort))
      .limit(200)
      .compile(),
  );
  each('logs', LOG_SORTS, ({ sql }, sort) =>
    sortLogs(sql.selectFrom('log').selectAll(), sort).limit(200).compile(),
  );
  each('flows', FLOW_SORTS, ({ sql }, sort) =>
    sortFlows(sql.selectFrom('flow').selectAll(), sort).limit(200).compile(),
  );
  each(
    'deployments',
    DEPLOYMENT_SORTS.filter((sort) => !sort.startsWith('NAME')),
    ({ sql }, sort) => sortDeployments(selectDeployments(sql), sort).limit(200).compile(),
  );
});
