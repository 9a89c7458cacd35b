import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { timestamp } from '@mintaka/contract';
import type { Database } from '../../src/database/database.ts';
import type {
  NewScheduledRun,
  NewScheduledState,
  RunWithState,
} from '../../src/database/dialects/scheduled-runs.ts';
import { type Databases, openBoth } from './databases.ts';

const now = timestamp('2026-06-01 12:00:00.000000');

let databases: Databases;
before(async () => {
  databases = await openBoth();
});
after(() => databases.close());

async function makeDeployment(database: Database): Promise<{ flow_id: string; deployment_id: string }> {
  const [flow_id, deployment_id] = [randomUUID(), randomUUID()];
  await database.transaction(async ({ sql, run }) => {
    await run(sql.insertInto('flow').values({ id: flow_id, name: flow_id, tags: '[]' }));
    const json = { tags: '[]', parameters: '{}', infra_overrides: '{}' };
    await run(sql.insertInto('deployment').values({ id: deployment_id, name: 'any', flow_id, ...json }));
  });
  return { flow_id, deployment_id };
}

function newRuns(
  owner: { flow_id: string; deployment_id: string },
  keys: readonly string[],
): NewScheduledRun[] {
  return keys.map((idempotency_key) => ({
    id: randomUUID(),
    name: 'amber-otter',
    ...owner,
    work_queue_name: null,
    work_queue_id: null,
    infrastructure_document_id: null,
    parameters: '{"text": "it\'s ☃", "list": [1, null]}',
    tags: '["auto-scheduled"]',
    idempotency_key,
    date: timestamp('2026-06-02 00:00:00.250000'),
  }));
}

function pairs(runs: readonly NewScheduledRun[], states: readonly NewScheduledState[]): RunWithState[] {
  return runs.flatMap((run) =>
    states.filter(({ flow_run_id }) => flow_run_id === run.id).map((state) => ({ run, state })),
  );
}

test('runs are inserted with their states once per key, skipped runs leave no state, and their keys are reported', async () => {
  for (const database of databases.all) {
    const { scheduledRuns } = database.dialect.questions;
    const owner = await makeDeployment(database);
    const counts = await database.transaction(async (session) => {
      const insert = (keys: readonly string[]) => {
        const runs = newRuns(owner, keys);
        const states = runs.map(({ id }) => ({ id: randomUUID(), flow_run_id: id, state_details: '{}' }));
        return scheduledRuns.insertRunsWithStates(session, pairs(runs, states), now);
      };
      return [await insert(['a', 'b']), await insert(['b', 'c', 'c']), await insert(['a'])];
    });
    assert.deepEqual(counts, [2, 1, 0], database.dialect.name);
    const states = await database.read((session) =>
      session.all(
        session.sql
          .selectFrom('flow_run_state as state')
          .innerJoin('flow_run as run', 'run.state_id', 'state.id')
          .select('run.idempotency_key')
          .where('run.deployment_id', '=', owner.deployment_id),
      ),
    );
    assert.equal(states.length, 3, database.dialect.name);
    const wanted = newRuns(owner, ['a', 'x', 'c']);
    const taken = await database.read((session) => scheduledRuns.takenKeys(session, wanted));
    assert.deepEqual(taken.toSorted(), ['a', 'c'], database.dialect.name);
  }
});

test('all new runs get their states, and both dialects contain the same rows', async () => {
  const held: unknown[] = [];
  for (const database of databases.all) {
    const runs = newRuns(await makeDeployment(database), ['one', 'two', 'three']);
    const states = runs.map(({ id }) => ({
      id: randomUUID(),
      flow_run_id: id,
      state_details: '{"pause_key": null}',
    }));
    const rows = await database.transaction(async (session) => {
      await database.dialect.questions.scheduledRuns.insertRunsWithStates(session, pairs(runs, states), now);
      return session.all(
        session.sql
          .selectFrom('flow_run as run')
          .innerJoin('flow_run_state as state', 'state.id', 'run.state_id')
          .whereRef('state.flow_run_id', '=', 'run.id')
          .where('run.deployment_id', '=', runs[0]?.deployment_id ?? '')
          .select(['run.idempotency_key', 'run.name', 'run.parameters', 'run.tags', 'run.auto_scheduled'])
          .select(['run.state_type', 'run.state_name', 'run.state_timestamp', 'run.expected_start_time'])
          .select([
            'run.next_scheduled_start_time',
            'run.total_run_time',
            'run.empirical_policy',
            'run.context',
          ])
          .select([
            'state.type',
            'state.name as state',
            'state.message',
            'state.timestamp',
            'state.state_details',
          ])
          .orderBy('run.idempotency_key'),
      );
    });
    assert.equal(rows.length, 3, database.dialect.name);
    held.push(JSON.parse(JSON.stringify(rows)));
  }
  for (const rows of held) assert.deepEqual(rows, held[0]);
});
