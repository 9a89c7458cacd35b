import assert from 'node:assert/strict';
import { addSeconds, timestamp } from '@mintaka/contract';
import { inEachWorld, makeDeployment, noon, plannedStarts } from '@mintaka/testing/worlds';
import type { Database, WriteSession } from '../../../src/database/database.ts';
import type { Context } from '../../../src/domain/context.ts';
import { scheduleDeployment } from '../../../src/domain/scheduling/schedule-deployment.ts';
import {
  scheduleAllDeployments,
  scheduleChangedDeployments,
} from '../../../src/domain/scheduling/schedule-deployments.ts';

const anchor_date = '2026-01-01T00:00:00+00:00';
const everyMinute = { interval: 60, anchor_date, timezone: 'UTC' };
const everyDay = { cron: '0 6 * * *', timezone: null, day_or: true };

const failing = (id: string, error: unknown) => assert.fail(`${id}: ${error}`);

async function countRuns({ database }: Context): Promise<number> {
  const row = await database.read((session) =>
    session.first(session.sql.selectFrom('flow_run').select((eb) => eb.fn.countAll<number>().as('count'))),
  );
  return row?.count ?? 0;
}

/** The same server at another time. */
function at(context: Context, seconds: number): Context {
  return { ...context, clock: { now: () => addSeconds(noon, seconds) } };
}

/** The same domain, in which another server acts between the reading of deployments and the insertion of their runs. */
function afterReading(context: Context, work: (session: WriteSession) => Promise<unknown>): Context {
  const { database } = context;
  const readLong: Database['readLong'] = async (read) => {
    const result = await database.readLong(read);
    await database.transaction(work);
    return result;
  };
  return { ...context, database: { ...database, readLong } };
}

async function makeQueue({ database, random, clock }: Context): Promise<string> {
  const [id, work_pool_id] = [random.id(), random.id()];
  const now = clock.now();
  await database.transaction(async (session) => {
    const pool = { id: work_pool_id, name: 'pool', type: 'any', created: now, updated: now };
    await session.run(session.sql.insertInto('work_pool').values(pool));
    const queue = { id, name: 'queue', work_pool_id, created: now, updated: now };
    await session.run(session.sql.insertInto('work_queue').values(queue));
  });
  return id;
}

inEachWorld('the scheduler', (it) => {
  it('keeps runs for the next hour, and at least three, of every deployment', async (world) => {
    const [minutely, daily] = [
      await makeDeployment(world, everyMinute),
      await makeDeployment(world, everyDay),
    ];
    assert.equal(await scheduleAllDeployments(world.context, failing), 64);
    const starts = await plannedStarts(world.context);
    assert.deepEqual(
      [starts.get(minutely)?.length, starts.get(minutely)?.at(-1)],
      [61, addSeconds(noon, 3600)],
    );
    const sixOClock = (day: number) => timestamp(`2026-06-0${day} 06:00:00.000000`);
    assert.deepEqual(starts.get(daily), [sixOClock(2), sixOClock(3), sixOClock(4)]);
  });

  it('gives each run its own state, and points the run to it', async (world) => {
    await makeDeployment(world, everyDay);
    await scheduleAllDeployments(world.context, failing);
    const rows = await world.context.database.read((session) =>
      session.all(
        session.sql
          .selectFrom('flow_run')
          .innerJoin('flow_run_state', 'flow_run_state.id', 'flow_run.state_id')
          .select(['flow_run.id', 'flow_run_state.flow_run_id', 'type', 'flow_run_state.name', 'message']),
      ),
    );
    assert.equal(rows.length, 3);
    for (const { id, flow_run_id, type, name, message } of rows) {
      assert.deepEqual(
        [flow_run_id, type, name, message],
        [id, 'SCHEDULED', 'Scheduled', 'Flow run scheduled'],
      );
    }
  });

  it('adds only missing runs when time advances', async (world) => {
    await makeDeployment(world, everyMinute);
    await scheduleAllDeployments(world.context, failing);
    assert.equal(await scheduleAllDeployments(world.context, failing), 0);
    assert.equal(await scheduleAllDeployments(at(world.context, 600), failing), 10);
  });

  it('creates each run once, however many servers schedule at the same time', async (world) => {
    for (let number = 0; number < 12; number += 1) await makeDeployment(world, everyMinute);
    const second = await world.secondServer();
    const inserted = await Promise.all(
      [world.context, second, world.context, second].map((context) =>
        scheduleAllDeployments(context, failing),
      ),
    );
    assert.equal(
      inserted.reduce((sum, count) => sum + count, 0),
      12 * 61,
    );
    assert.equal(await countRuns(world.context), 12 * 61);
  });

  it('skips an invalid schedule and an inactive one', async (world) => {
    const broken = await makeDeployment(world, { cron: 'whenever' });
    const unknownZone = await makeDeployment(world, { ...everyDay, timezone: 'Nowhere/Land' });
    await makeDeployment(world, everyDay);
    const off = await makeDeployment(world, everyDay);
    await world.context.database.transaction((session) =>
      session.run(
        session.sql.updateTable('deployment').set({ is_schedule_active: false }).where('id', '=', off),
      ),
    );
    const told: string[] = [];
    assert.equal(await scheduleAllDeployments(world.context, (id) => told.push(id)), 3);
    assert.deepEqual(told.toSorted(), [broken, unknownZone].toSorted());
  });

  it(
    'reaches every deployment if there are more than a page holds, including broken ones',
    async (world) => {
      for (let number = 0; number < 7; number += 1) {
        await makeDeployment(world, number % 3 === 0 ? { cron: 'broken' } : everyDay);
      }
      let broken = 0;
      const inserted = await scheduleAllDeployments(world.context, () => {
        broken += 1;
      });
      assert.deepEqual([inserted, broken], [4 * 3, 3]);
    },
    {
      PREFECT_ORION_SERVICES_SCHEDULER_DEPLOYMENT_BATCH_SIZE: '2',
      PREFECT_ORION_SERVICES_SCHEDULER_INSERT_BATCH_SIZE: '5',
    },
  );

  it('creates the same runs of a recurrence without a start, whenever it is expanded', async (world) => {
    const id = await makeDeployment(world, { rrule: 'FREQ=DAILY', timezone: 'Europe/Berlin' });
    for (const seconds of [0, 1.5, 7, 3600]) {
      const context = at(world.context, seconds);
      await scheduleDeployment(context, id, { min_runs: 3, max_runs: 3 });
      await scheduleAllDeployments(context, failing);
    }
    const midnight = (day: number) => timestamp(`2026-06-0${day} 22:00:00.000000`);
    assert.deepEqual((await plannedStarts(world.context)).get(id), [midnight(1), midnight(2), midnight(3)]);
  });

  it('skips a deployment that is changed while its runs are being planned', async (world) => {
    const id = await makeDeployment(world, everyDay);
    const context = afterReading(world.context, (session) =>
      session.run(
        session.sql
          .updateTable('deployment')
          .set({ is_schedule_active: false, updated: addSeconds(noon, 1) })
          .where('id', '=', id),
      ),
    );
    assert.equal(await scheduleAllDeployments(context, failing), 0);
    assert.equal(await countRuns(context), 0);
  });

  it('reports a deployment whose runs the database refuses, and schedules the others', async (world) => {
    const queue = await makeQueue(world.context);
    const orphan = await makeDeployment(world, everyDay);
    await makeDeployment(world, everyDay);
    await world.context.database.transaction((session) =>
      session.run(
        session.sql.updateTable('deployment').set({ work_queue_id: queue }).where('id', '=', orphan),
      ),
    );
    const context = afterReading(world.context, (session) =>
      session.run(session.sql.deleteFrom('work_queue').where('id', '=', queue)),
    );
    const told: string[] = [];
    assert.equal(await scheduleAllDeployments(context, (id) => told.push(id)), 3);
    assert.deepEqual(told, [orphan]);
    assert.equal(await scheduleAllDeployments(world.context, failing), 3, 'the next round catches up');
  });

  it('can be limited to deployments changed since a given time', async (world) => {
    await makeDeployment(world, everyDay, addSeconds(noon, -60));
    const recent = await makeDeployment(world, everyDay, addSeconds(noon, -5));
    assert.equal(await scheduleChangedDeployments(world.context, addSeconds(noon, -6), failing), 3);
    assert.deepEqual([...(await plannedStarts(world.context)).keys()], [recent]);
  });
});
