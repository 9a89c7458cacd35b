import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import type { Database, ReadSession } from '../../../src/database/database.ts';
import {
  composeDeployments,
  composeFlowRuns,
  composeFlows,
  narrow,
  taskRunsWhere,
} from '../../../src/database/filters/compose.ts';
import type { Filters } from '../../../src/database/filters/filters.ts';
import { logWhere } from '../../../src/database/filters/log.ts';
import { type Databases, openBoth } from '../databases.ts';
import { someFilters, someLogFilter } from './filters.ts';
import { deploymentIds, flowIds, flowRunIds, logIds, taskRunIds } from './model.ts';
import { clearWorld, insertWorld, someWorld, type World } from './world.ts';

const worlds = 3;
const filtersForEach = 60;

type Ids = (session: ReadSession, filters: Filters) => Promise<{ id: string }[]>;

const flowRuns: Ids = (session, filters) =>
  session.all(
    composeFlowRuns(session, session.sql.selectFrom('flow_run').select('id'), filters).orderBy('id'),
  );
const taskRuns: Ids = (session, filters) =>
  session.all(
    narrow(
      session.sql.selectFrom('task_run').select('id'),
      taskRunsWhere(filters, session.dialect.bindings),
    ).orderBy('id'),
  );
const flows: Ids = (session, filters) =>
  session.all(composeFlows(session, session.sql.selectFrom('flow').select('id'), filters).orderBy('id'));
const deployments: Ids = (session, filters) =>
  session.all(
    composeDeployments(session, session.sql.selectFrom('deployment').select('id'), filters).orderBy('id'),
  );

const questions: [what: string, ask: Ids, model: (world: World, filters: Filters) => string[]][] = [
  ['flow runs', flowRuns, flowRunIds],
  ['task runs', taskRuns, taskRunIds],
  ['flows', flows, flowIds],
  ['deployments', deployments, deploymentIds],
];

describe('random filters over random rows', () => {
  let databases: Databases;
  before(async () => {
    databases = await openBoth();
  });
  after(() => databases.close());

  async function inEach(world: World, work: () => Promise<void>): Promise<void> {
    for (const database of databases.all) {
      await database.transaction(async (session) => {
        await clearWorld(session);
        await insertWorld(session, world);
      });
    }
    await work();
  }

  async function ids(database: Database, ask: (session: ReadSession) => Promise<{ id: string }[]>) {
    return (await database.read(ask)).map(({ id }) => id);
  }

  for (const [what, ask, model] of questions) {
    test(`both databases return the ${what} that the filters match`, async () => {
      await fc.assert(
        fc.asyncProperty(
          someWorld,
          fc.array(someFilters, { minLength: filtersForEach, maxLength: filtersForEach }),
          (world, all) =>
            inEach(world, async () => {
              for (const filters of all) {
                const expected = model(world, filters);
                for (const database of databases.all) {
                  const found = await ids(database, (session) => ask(session, filters));
                  assert.deepEqual(found, expected, `${database.dialect.name}: ${JSON.stringify(filters)}`);
                }
              }
            }),
        ),
        { numRuns: worlds, endOnFailure: true },
      );
    });
  }

  test('both databases return the logs that the filter matches', async () => {
    await fc.assert(
      fc.asyncProperty(
        someWorld,
        fc.array(someLogFilter, { minLength: filtersForEach, maxLength: filtersForEach }),
        (world, all) =>
          inEach(world, async () => {
            for (const filter of all) {
              const expected = logIds(world, filter);
              for (const database of databases.all) {
                const found = await ids(database, (session) => {
                  const query = session.sql.selectFrom('log').select('id').orderBy('id');
                  return session.all(narrow(query, logWhere(filter, session.dialect.bindings)));
                });
                assert.deepEqual(found, expected, `${database.dialect.name}: ${JSON.stringify(filter)}`);
              }
            }
          }),
      ),
      { numRuns: worlds, endOnFailure: true },
    );
  });
});
