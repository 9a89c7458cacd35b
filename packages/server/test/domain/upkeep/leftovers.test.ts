import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { addSeconds, type Timestamp } from '@mintaka/contract';
import { inEachWorld, noon } from '@mintaka/testing/worlds';
import type { Context } from '../../../src/domain/context.ts';
import { searchLeftovers, searchStart } from '../../../src/domain/upkeep/leftovers.ts';
import { makeLargeFlow } from '../deletion/many-rows.ts';
import { readRows } from '../deletion/rows.ts';

const old = addSeconds(noon, -2 * 86_400);
const young = addSeconds(noon, -3600);

/** Rows that refer to a flow run, a task run and a state; their names say which of these exist. */
async function makeRows(
  { database }: Context,
  created: Timestamp,
  { flowRun, taskRun, state }: { flowRun: string; taskRun: string; state: string },
): Promise<void> {
  await database.transaction(async (session) => {
    const log = { created, name: 'log', level: 20, message: 'line', timestamp: created };
    session.send(session.sql.insertInto('log').values({ ...log, flow_run_id: flowRun, task_run_id: null }));
    session.send(
      session.sql.insertInto('log').values({ ...log, flow_run_id: flowRun, task_run_id: taskRun }),
    );
    session.send(session.sql.insertInto('artifact').values({ created, flow_run_id: flowRun }));
    session.send(session.sql.insertInto('artifact').values({ created, task_run_id: taskRun }));
    session.send(
      session.sql
        .insertInto('task_run_state_cache')
        .values({ created, cache_key: 'key', task_run_state_id: state }),
    );
  });
}

async function searchAll(context: Context): Promise<number> {
  let deleted = 0;
  for (let position = searchStart; ; ) {
    const step = await searchLeftovers(context, position);
    deleted += step.deleted;
    if (step.next === undefined) return deleted;
    position = step.next;
  }
}

inEachWorld('the search for orphaned rows', (it) => {
  it('deletes old rows of deleted runs, and no others', async ({ context }) => {
    await makeLargeFlow(context, { runs: 700, taskRuns: 600 });
    const rows = await readRows(context.database);
    const [flowRun = ''] = rows.get('flow_run')?.keys() ?? [];
    const [taskRun = ''] = rows.get('task_run')?.keys() ?? [];
    const [state = ''] = rows.get('task_run_state')?.keys() ?? [];
    await makeRows(context, old, { flowRun, taskRun, state });
    const gone = () => ({ flowRun: randomUUID(), taskRun: randomUUID(), state: randomUUID() });
    await makeRows(context, young, gone());
    const kept = await readRows(context.database);
    await makeRows(context, old, gone());
    await makeRows(context, old, gone());
    await makeRows(context, old, { ...gone(), flowRun });
    assert.equal(await searchAll(context), 2 * 5 + 3);
    // Of the last, the log of the flow run itself and its result have a run.
    const left = await readRows(context.database);
    for (const table of ['log', 'artifact', 'task_run_state_cache'] as const) {
      const expected = (kept.get(table)?.size ?? 0) + (table === 'task_run_state_cache' ? 0 : 1);
      assert.equal(left.get(table)?.size, expected, table);
    }
    assert.equal(await searchAll(context), 0);
  });

  it('skips thousands of rows of one run in one step', async ({ context }) => {
    const { database } = context;
    const run = randomUUID();
    await database.transaction(async (session) => {
      for (let line = 0; line < 2000; line += 1) {
        const log = { created: old, name: 'log', level: 20, message: 'line', timestamp: old };
        session.send(session.sql.insertInto('log').values({ ...log, flow_run_id: run, task_run_id: null }));
      }
    });
    const held = await database.read((session) => {
      const place = { table: 'log', column: 'flow_run_id' } as const;
      return session.dialect.questions.deletion.heldIds(session, place, 'flow_run', searchStart.after, 10);
    });
    assert.deepEqual(held, [{ id: run, gone: 1 }]);
    assert.equal(await searchAll(context), 2000);
  });
});
