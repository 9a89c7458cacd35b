import assert from 'node:assert/strict';
import { addSeconds, JSON_NULL, NO_STATE_DETAILS } from '@mintaka/contract';
import { inEachWorld, makeDeployment, noon, plannedStarts } from '@mintaka/testing/worlds';
import type { Database } from '../../../src/database/database.ts';
import type { Context } from '../../../src/domain/context.ts';
import {
  deactivateSchedule,
  deleteDeployment,
  startDeployment,
  updateDeployment,
} from '../../../src/domain/deployments/deployments.ts';
import { NotFoundError } from '../../../src/domain/errors.ts';
import { scheduleAllDeployments } from '../../../src/domain/scheduling/schedule-deployments.ts';

const everyDay = { cron: '0 6 * * *', timezone: null, day_or: true };
const failing = (id: string, error: unknown) => assert.fail(`${id}: ${error}`);

/** The same domain, whose next transaction does its work and then stays open until it is released. */
function heldOpen(context: Context) {
  const [worked, letGo] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const { database } = context;
  let held = false;
  const transaction: Database['transaction'] = (work) =>
    database.transaction(async (session) => {
      const result = await work(session);
      if (held) return result;
      held = true;
      // On Postgres, sent statements are executed with the commit: this query executes them now.
      await session.all(session.sql.selectFrom('flow').select('id'));
      worked.resolve();
      await letGo.promise;
      return result;
    });
  return {
    context: { ...context, database: { ...database, transaction } },
    worked: worked.promise,
    letGo: letGo.resolve,
  };
}

/** Resolves once a transaction waits for a lock of another; immediately on SQLite, whose only writer makes them wait. */
async function somebodyWaits({ database }: Context): Promise<void> {
  if (database.dialect.name === 'sqlite') return;
  const sql = 'select count(*)::int as waiting from pg_locks where not granted';
  while (true) {
    const [row] = await database.administer((connection) => connection.query(sql, []));
    if (Number(row?.waiting) > 0) return;
  }
}

const takers: [
  what: string,
  take: (context: Context, id: string) => Promise<void>,
  left: 'nothing' | 'deployment',
][] = [
  ['deleted', deleteDeployment, 'nothing'],
  ['switched off', deactivateSchedule, 'deployment'],
  ['changed', (context, id) => updateDeployment(context, id, { tags: ['other'] }), 'deployment'],
];

inEachWorld('while the scheduler inserts runs of a deployment', (it) => {
  for (const [what, take, left] of takers) {
    it(`that is ${what}, none of them remain`, async (world) => {
      const id = await makeDeployment(world, everyDay);
      const { context, worked, letGo } = heldOpen(await world.secondServer());
      const scheduled = scheduleAllDeployments(context, failing);
      await worked;
      const taken = take(world.context, id);
      await somebodyWaits(world.context);
      letGo();
      assert.equal(await scheduled, 3);
      await taken;
      assert.deepEqual([...(await plannedStarts(world.context))], []);
      const rows = await world.context.database.read((session) =>
        session.all(session.sql.selectFrom('deployment').select('id')),
      );
      assert.equal(rows.length, left === 'nothing' ? 0 : 1);
    });
  }

  it('many can be deleted, changed and paused, in any order', async (world) => {
    const ids: string[] = [];
    for (let number = 0; number < 18; number += 1) ids.push(await makeDeployment(world, everyDay));
    const second = await world.secondServer();
    await Promise.all([
      scheduleAllDeployments(world.context, failing),
      ...ids.toReversed().map((id, place) => takers[place % 3]?.[1](second, id)),
      scheduleAllDeployments(second, failing),
    ]);
    const starts = await plannedStarts(world.context);
    assert.equal(starts.get(null), undefined, 'no run has lost its deployment');
  });
});

inEachWorld('runs of a schedule that another server has created', (it) => {
  it('are also dropped if its clock is ahead', async (world) => {
    const id = await makeDeployment(world, everyDay);
    const ahead = { ...world.context, clock: { now: () => addSeconds(noon, 30) } };
    assert.equal(await scheduleAllDeployments(ahead, failing), 3);
    await deactivateSchedule(world.context, id);
    assert.deepEqual([...(await plannedStarts(world.context))], []);
  });
});

inEachWorld('a run that a client creates of a deployment that is being deleted', (it) => {
  it('is not created: the deployment does not exist', async (world) => {
    const id = await makeDeployment(world, everyDay);
    const { context, worked, letGo } = heldOpen(await world.secondServer());
    const deleted = deleteDeployment(context, id);
    await worked;
    const state = {
      type: 'SCHEDULED',
      name: null,
      message: null,
      data: JSON_NULL,
      state_details: NO_STATE_DETAILS,
    } as const;
    const retries = { retries: null, retry_delay: null, max_retries: 0, retry_delay_seconds: 0 };
    const empirical_policy = { ...retries, pause_keys: [], resuming: false };
    const started = startDeployment(world.context, id, { state, empirical_policy });
    const refused = assert.rejects(started, NotFoundError);
    await somebodyWaits(world.context);
    letGo();
    await deleted;
    await refused;
    assert.deepEqual([...(await plannedStarts(world.context))], []);
  });
});
