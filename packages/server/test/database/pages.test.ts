import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { fromEpoch, storedJson, type Timestamp } from '@mintaka/contract';
import type { Expression, SqlBool } from 'kysely';
import type { Database } from '../../src/database/database.ts';
import type { PageQuestion } from '../../src/database/dialects/page.ts';
import { accessToFlowRuns } from '../../src/database/filters/access.ts';
import { asWhere } from '../../src/database/filters/conditions.ts';
import { type FlowRunCriteria, flowRunWhere } from '../../src/database/filters/flow-run.ts';
import { orderOfFlowRuns } from '../../src/database/sorts.ts';
import { type Databases, openBoth } from './databases.ts';

/** More than every bound at which SQLite changes its strategy for a page, except the last. */
const runs = 9_000;
const flow = '30000000-0000-4000-8000-000000000000';

function idOf(run: number): string {
  // Spread, so that the order of the ids is not that of the rows.
  const spread = ((run * 7919) % runs).toString(16).padStart(8, '0');
  return `${spread}-0000-4000-8000-${String(run).padStart(12, '0')}`;
}

/** Most are Completed; the newest quarter is Scheduled, so that the head of the order by time has no Completed one. */
async function insertRuns(database: Database): Promise<void> {
  const total_run_time = database.dialect.bindings.interval(0);
  const row = (run: number) => ({
    id: idOf(run),
    name: `run-${run}`,
    flow_id: flow,
    state_type:
      run >= 6_750 ? ('SCHEDULED' as const) : run % 450 === 7 ? ('FAILED' as const) : ('COMPLETED' as const),
    state_name: 'any',
    expected_start_time: fromEpoch(1_790_000_000 + run, 0),
    tags: storedJson(run % 900 === 5 ? ['rare', 'all'] : run % 2 === 0 ? ['even', 'all'] : ['all']),
    total_run_time,
    context: '{}',
    empirical_policy: '{}',
    parameters: '{}',
  });
  await database.transaction(async (session) => {
    await session.run(session.sql.insertInto('flow').values({ id: flow, name: 'many', tags: '[]' }));
    for (let from = 0; from < runs; from += 500) {
      const rows = Array.from({ length: 500 }, (_, place) => row(from + place));
      await session.run(session.sql.insertInto('flow_run').values(rows));
    }
  });
}

describe('a page has the right rows of its list, whichever strategy finds them', () => {
  let databases: Databases;
  before(async () => {
    databases = await openBoth();
    for (const database of databases.all) await insertRuns(database);
  });
  after(() => databases.close());

  async function check(
    criteria: FlowRunCriteria | undefined,
    asked: Pick<PageQuestion, 'order' | 'limit' | 'offset'>,
  ): Promise<void> {
    for (const database of databases.all) {
      const condition = (bindings: Database['dialect']['bindings']): Expression<SqlBool> | undefined =>
        criteria === undefined ? undefined : asWhere(flowRunWhere(criteria, bindings));
      const page = {
        table: 'flow_run',
        condition,
        access: accessToFlowRuns({ flow_runs: criteria }),
        ...asked,
      } as const;
      await database.read(async (session) => {
        const ids = await session.dialect.questions.idsOfPage(session, page);
        const all = session.sql.selectFrom('flow_run').select('id');
        const where = condition(database.dialect.bindings);
        const list = where === undefined ? all : all.where(where);
        const rows = await session.all(list.orderBy(...asked.order));
        const expected = rows.slice(asked.offset, asked.offset + asked.limit).map(({ id }) => id);
        assert.deepEqual(ids, expected, database.dialect.name);
      });
    }
  }

  const orders = {
    'by id': orderOfFlowRuns('ID_DESC'),
    'by time': orderOfFlowRuns('EXPECTED_START_TIME_DESC'),
    'by time, oldest first': orderOfFlowRuns('EXPECTED_START_TIME_ASC'),
    'by name': orderOfFlowRuns('NAME_ASC'),
  };
  const middle: Timestamp = fromEpoch(1_790_004_500, 0);
  const lists: Record<string, FlowRunCriteria | undefined> = {
    everything: undefined,
    'a state that most have': { state: { type: { any_: ['COMPLETED'] } } },
    'a state that few have': { state: { type: { any_: ['FAILED'] } } },
    'a tag that all have': { tags: { all_: ['all'] } },
    'a tag that half have': { tags: { all_: ['even'] } },
    'a rare tag': { tags: { all_: ['rare', 'all'] } },
    'no such tag': { tags: { all_: ['none'] } },
    'a time': { expected_start_time: { after_: middle } },
    'a state or a tag': { operator: 'or_', state: { type: { any_: ['FAILED'] } }, tags: { all_: ['rare'] } },
  };
  for (const [label, criteria] of Object.entries(lists)) {
    for (const [name, order] of Object.entries(orders)) {
      test(`${label}, ${name}`, async () => {
        await check(criteria, { order, limit: 7, offset: 0 });
        await check(criteria, { order, limit: 200, offset: 15 });
        await check(criteria, { order, limit: 200, offset: 6_000 });
        await check(criteria, { order, limit: 0, offset: 0 });
      });
    }
  }
});
