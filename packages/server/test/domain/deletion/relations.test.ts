import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Database, WriteSession } from '../../../src/database/database.ts';
import type { Statement } from '../../../src/database/statements.ts';
import { relationsOf } from '../../../src/domain/deletion/relations.ts';
import { type Databases, openBoth } from '../../database/databases.ts';
import { references } from './references.ts';

/** Columns whose rows are neither deleted nor changed when their target is deleted. */
const others = new Set([
  // A queue that an agent has polled is not deleted.
  'agent.work_queue_id',
  'mintaka_answered_request.state_id',
  'mintaka_answered_request.request_id',
  'mintaka_deletion.target_id',
  // A change is a message, which lives for a minute.
  'mintaka_change.flow_run_id',
  'mintaka_change.work_queue_id',
  // The id of a request, and the state, pool and queue of the run when it was claimed.
  'mintaka_claimed_run.state_id',
  'mintaka_claimed_run.work_pool_id',
  'mintaka_claimed_run.claim_id',
  'mintaka_claimed_run.work_queue_id',
]);

/** References that at most one row has; the foreign key sets them to null. */
const leftToForeignKeys = new Set([
  'flow_run.state_id',
  'task_run.state_id',
  'flow_run_state.result_artifact_id',
  'task_run_state.result_artifact_id',
]);

let databases: Databases;
before(async () => {
  databases = await openBoth();
});
after(() => databases.close());

/** The columns of all tables with ids of other rows. */
function idColumns(database: Database): Promise<string[]> {
  const sql =
    database.dialect.name === 'sqlite'
      ? "select m.name as t, c.name as c from sqlite_master as m join pragma_table_info(m.name) as c where m.type = 'table'"
      : "select table_name as t, column_name as c from information_schema.columns where table_schema = 'public'";
  return database.administer(async (connection) => {
    const rows = await connection.query(sql, []);
    return rows.map(({ t, c }) => `${t}.${c}`).filter((name) => /^(?!alembic|sqlite).*_id$/.test(name));
  });
}

test('every column that refers to rows has a rule', async () => {
  for (const database of databases.all) {
    const known = new Set(references.map(({ table, column }) => `${table}.${column}`));
    const columns = await idColumns(database);
    assert.ok(columns.length > 30);
    assert.deepEqual(
      columns.filter((column) => !known.has(column) && !others.has(column)),
      [],
    );
  }
});

test('deletions follow these rules', () => {
  const followed = Object.entries(relationsOf).flatMap(([to, relations]) =>
    (relations ?? []).map(({ table, column, rule }) => {
      return { table, column, to, rule: rule === 'detach' ? 'null' : 'delete' };
    }),
  );
  const expected = references.filter(({ table, column }) => !leftToForeignKeys.has(`${table}.${column}`));
  const sorted = (rules: readonly object[]) => rules.map((rule) => JSON.stringify(rule)).toSorted();
  assert.deepEqual(sorted(followed), sorted(expected));
});

/** The plan of the only statement of some work, created as in a transaction that deletes. */
async function planOfDeletion(
  database: Database,
  ask: (session: WriteSession) => Promise<unknown>,
): Promise<string> {
  const asked: Statement[] = [];
  await database.transaction((session) =>
    ask({
      ...session,
      ask: (statement) => {
        asked.push(statement);
        return session.ask(statement);
      },
    }),
  );
  assert.equal(asked.length, 1);
  const [statement = { sql: '', parameters: [] }] = asked;
  return database.administer(async (connection) => {
    if (database.dialect.name === 'sqlite') {
      const steps = await connection.query(`EXPLAIN QUERY PLAN ${statement.sql}`, statement.parameters);
      return steps.map((step) => step.detail).join('\n');
    }
    await connection.exec('SET enable_seqscan = off');
    const steps = await connection.query(`EXPLAIN ${statement.sql}`, statement.parameters);
    await connection.exec('RESET enable_seqscan');
    return steps.map((step) => step['QUERY PLAN']).join('\n');
  });
}

const anyId = '6f9619ff-8b86-4d01-b42d-00cf4fc964ff';

test('rows that refer to deleted rows are found with an index', async () => {
  for (const database of databases.all) {
    const { deletion } = database.dialect.questions;
    for (const relation of Object.values(relationsOf).flat()) {
      const { table, column } = relation;
      const plan = await planOfDeletion(database, (session) =>
        deletion.referringRows(session, relation, [anyId], 10),
      );
      const step =
        database.dialect.name === 'sqlite'
          ? `SEARCH ${table} USING .*\\(${column}=\\?\\)`
          : `(Index Scan using .* on|Index Only Scan using .* on|Bitmap Heap Scan on) ${table}.*\\n *(Index|Recheck) Cond: \\(${column} = wanted`;
      assert.match(plan, new RegExp(step), `${database.dialect.name}: ${table}.${column}`);
    }
  }
});

test('the future runs of a flow are found by its deployments', async () => {
  for (const database of databases.all) {
    const { deletion } = database.dialect.questions;
    const plan = await planOfDeletion(database, (session) => deletion.scheduledRuns(session, anyId, 10));
    assert.match(plan, /mintaka_flow_run_scheduled_by_deployment|scheduler_deployment_id/);
    assert.doesNotMatch(plan, /SCAN|Seq Scan/);
  }
});

test('ids in a column are found with its index, and their rows with theirs', async () => {
  const reference = { table: 'log', column: 'flow_run_id' } as const;
  for (const database of databases.all) {
    const plan = await planOfDeletion(database, (session) =>
      database.dialect.questions.deletion.heldIds(session, reference, 'flow_run', anyId, 10),
    );
    assert.match(plan, /(SEARCH log USING COVERING INDEX|using) ix_log__flow_run_id/i);
    assert.match(plan, /SEARCH flow_run USING COVERING INDEX|using pk_flow_run on flow_run/);
    assert.doesNotMatch(plan, /SCAN (log|flow_run)|Seq Scan/);
  }
});
