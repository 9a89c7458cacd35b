import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { fromEpoch } from '@mintaka/contract';
import type { ReadSession } from '../../../src/database/database.ts';
import { accessToFlowRuns, accessToTaskRuns } from '../../../src/database/filters/access.ts';
import { flowRunsWhere, narrow, taskRunsWhere } from '../../../src/database/filters/compose.ts';
import { asWhere } from '../../../src/database/filters/conditions.ts';
import type { Filters } from '../../../src/database/filters/filters.ts';
import { orderOfFlowRuns, orderOfTaskRuns } from '../../../src/database/sorts.ts';
import type { Statement } from '../../../src/database/statements.ts';
import { type Databases, openBoth } from '../databases.ts';
import { fillWithRuns, idOf } from './many-runs.ts';
import { plannedAtEachUse, planOf, statementsOf } from './plan-of.ts';

type Names = { sqlite: RegExp; postgres: RegExp };

/** All queries of a page of flow runs. */
function pageOf(session: ReadSession, filters: Filters, sort: Parameters<typeof orderOfFlowRuns>[0]) {
  return session.dialect.questions.idsOfPage(session, {
    table: 'flow_run',
    condition: (bindings) => asWhere(flowRunsWhere(filters, bindings)),
    access: accessToFlowRuns(filters),
    order: orderOfFlowRuns(sort),
    limit: 50,
    offset: 0,
  });
}

/** All queries of a page of the task runs of some flow runs. */
function pageOfTaskRuns(session: ReadSession, filters: Filters) {
  return session.dialect.questions.idsOfPage(session, {
    table: 'task_run',
    condition: (bindings) => asWhere(taskRunsWhere(filters, bindings)),
    access: accessToTaskRuns(filters),
    order: orderOfTaskRuns('ID_DESC'),
    limit: 50,
    offset: 0,
  });
}

function countOf(session: ReadSession, filters: Filters) {
  const runs = session.sql.selectFrom('flow_run').select((eb) => eb.fn.countAll<number>().as('count'));
  return session.first(narrow(runs, flowRunsWhere(filters, session.dialect.seeking)));
}

function historyOf(session: ReadSession, filters: Filters) {
  const start = fromEpoch(1_790_000_000, 0);
  return session.dialect.questions.history(session, {
    table: 'flow_run',
    condition: asWhere(flowRunsWhere(filters, session.dialect.bindings)),
    starts: [start, fromEpoch(1_790_004_000, 0)],
    end: fromEpoch(1_790_008_000, 0),
    interval: 4_000,
    now: start,
  });
}

/** Plans of all statements that one question sends, most runs being there already. */
describe('lists, counts and histories of many flow runs use the intended indexes', () => {
  let databases: Databases;
  before(async () => {
    databases = await openBoth();
    for (const database of databases.all) await fillWithRuns(database);
  });
  after(() => databases.close());

  function uses(label: string, ask: (session: ReadSession) => Promise<unknown>, names: Names): void {
    test(label, async () => {
      for (const database of databases.all) {
        const statements: Statement[] = await statementsOf(database, ask);
        assert.deepEqual(plannedAtEachUse(database, statements), []);
        const plans: string[] = [];
        for (const statement of statements) plans.push(await planOf(database, statement));
        assert.match(plans.at(-1) ?? '', names[database.dialect.name], plans.join('\n\n'));
      }
    });
  }

  const state = (type: 'COMPLETED' | 'FAILED'): Filters => ({
    flow_runs: { state: { type: { any_: [type] } } },
  });
  const tag = (name: string): Filters => ({ flow_runs: { tags: { all_: [name] } } });
  const oneFlow: Filters = { flows: { name: { any_: ['flow-7'] } } };

  test('an ordinary list is planned once', async () => {
    for (const database of databases.all) {
      const list = (session: ReadSession) =>
        session.all(session.sql.selectFrom('flow').select('id').limit(5));
      assert.deepEqual(plannedAtEachUse(database, await statementsOf(database, list)), []);
    }
  });

  uses(
    'any number of runs of a page',
    (session) => session.dialect.questions.runsById.flowRuns(session, [idOf(1, 1)]),
    {
      sqlite: /SEARCH flow_run USING INDEX sqlite_autoindex_flow_run_1/,
      postgres: /Index Scan using pk_flow_run on flow_run/,
    },
  );
  uses('all, by id', (session) => pageOf(session, {}, 'ID_DESC'), {
    sqlite: /SCAN flow_run USING COVERING INDEX sqlite_autoindex_flow_run_1$/,
    postgres: /Index Only Scan Backward using pk_flow_run/,
  });
  uses('all, by start', (session) => pageOf(session, {}, 'START_TIME_DESC'), {
    sqlite: /SCAN flow_run USING INDEX mintaka_flow_run_by_start$/,
    postgres: /Index Scan (Backward )?using ix_flow_run__coalesce_start_time_expected_start_time_/,
  });
  uses(
    'by a state that most have, without sorting the head',
    (session) => pageOf(session, state('COMPLETED'), 'ID_DESC'),
    {
      sqlite:
        /CO-ROUTINE \(subquery.*\n.*CO-ROUTINE head\nSCAN flow_run USING COVERING INDEX sqlite_autoindex_flow_run_1/,
      postgres: /Index Scan Backward using pk_flow_run/,
    },
  );
  uses('by a state that few have', (session) => pageOf(session, state('FAILED'), 'ID_DESC'), {
    sqlite: /SEARCH flow_run USING INDEX ix_flow_run__state_type/,
    postgres: /Index Scan using ix_flow_run__state_type|Bitmap Index Scan on ix_flow_run__state_type/,
  });
  uses('by a common tag', (session) => pageOf(session, tag('all'), 'ID_DESC'), {
    sqlite: /SCAN flow_run USING COVERING INDEX sqlite_autoindex_flow_run_1/,
    postgres: /Index Scan Backward using pk_flow_run/,
  });
  uses('by a rare tag', (session) => pageOf(session, tag('rare'), 'ID_DESC'), {
    sqlite: /SCAN held USING COVERING INDEX mintaka_flow_run_by_tags/,
    postgres: /Bitmap Index Scan on mintaka_flow_run_by_tags/,
  });
  uses('by the name of a flow', (session) => pageOf(session, oneFlow, 'ID_DESC'), {
    sqlite: /SEARCH flow_run USING INDEX (uq_flow_run__flow_id_idempotency_key|ix_flow_run__flow_id)/,
    postgres:
      /(Index Scan using|Bitmap Index Scan on) (uq_flow_run__flow_id_idempotency_key|ix_flow_run__flow_id)/,
  });
  uses(
    'by id',
    (session) =>
      pageOf(session, { flow_runs: { id: { any_: [idOf(5, 1), idOf(5, 2)] } } }, 'START_TIME_DESC'),
    {
      sqlite: /SEARCH flow_run USING INDEX sqlite_autoindex_flow_run_1 \(id=\?\)/,
      postgres: /(Index Scan using|Bitmap Index Scan on) pk_flow_run/,
    },
  );

  uses(
    'task runs by the ids of their flow runs',
    (session) => pageOfTaskRuns(session, { flow_runs: { id: { any_: [idOf(5, 1)] } } }),
    {
      sqlite: /SEARCH task_run USING INDEX \w*task_run__flow_run_id\w* \(flow_run_id=\?\)/,
      postgres: /flow_run_id = ANY/,
    },
  );

  uses('count by state', (session) => countOf(session, state('FAILED')), {
    sqlite: /SEARCH flow_run USING COVERING INDEX ix_flow_run__state_type/,
    postgres: /ix_flow_run__state_type/,
  });
  uses('count by the name of a flow', (session) => countOf(session, oneFlow), {
    sqlite:
      /SEARCH flow_run USING COVERING INDEX (uq_flow_run__flow_id_idempotency_key|ix_flow_run__flow_id)/,
    postgres: /uq_flow_run__flow_id_idempotency_key|ix_flow_run__flow_id/,
  });
  uses('count by a rare tag', (session) => countOf(session, tag('rare')), {
    sqlite: /SCAN held USING COVERING INDEX mintaka_flow_run_by_tags/,
    postgres: /Bitmap Index Scan on mintaka_flow_run_by_tags/,
  });

  uses('history', (session) => historyOf(session, {}), {
    sqlite:
      /^SEARCH flow_run USING INDEX ix_flow_run__expected_start_time_desc \(expected_start_time>\? AND expected_start_time<\?\)$/,
    postgres: /HashAggregate/,
  });
});
