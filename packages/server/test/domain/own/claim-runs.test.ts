import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { addSeconds, STATE_TYPES, type StateType } from '@mintaka/contract';
import { inEachWorld, noon } from '@mintaka/testing/worlds';
import fc from 'fast-check';
import type { PoolDemand } from '../../../src/database/dialects/dispatch.ts';
import type { Context } from '../../../src/domain/context.ts';
import { giveBackLostClaims, noteLostClaim } from '../../../src/domain/own/claim-records.ts';
import { type ClaimPlace, claimRuns } from '../../../src/domain/own/claim-runs.ts';
import { setFlowRunState } from '../../../src/domain/state-changes/set-flow-run-state.ts';
import { forgetExpiredAnswers } from '../../../src/domain/upkeep/expired-answers.ts';
import { fromPools } from '../../database/dispatch/model.ts';
import {
  idOf,
  insertRun,
  pool,
  queue,
  type Run,
  run,
  updateRun,
  type World,
  writeWorld,
} from '../../database/dispatch/world.ts';

const seed = 514;
const steps = Number(process.env.MINTAKA_TEST_OPERATIONS ?? 600);

const emptyWorld: World = {
  pools: [pool(0), pool(1)],
  queues: [
    queue(0, 0, { name: 'default' }),
    ...[1, 2, 3].map((number) => queue(number, 0)),
    queue(4, 1, { name: 'default' }),
    queue(5, 1),
  ],
  runs: [],
};

/** Every claim happens at noon; retries in their own process are held for a minute. */
const heldAfter = addSeconds(noon, -60);
const someMoment = fc.integer({ min: -120, max: 60 }).map((seconds) => addSeconds(noon, seconds));
const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null, freq: 2 });
const rarely = fc.integer({ min: 0, max: 5 }).map((number) => number === 0);

const someRun: fc.Arbitrary<Run> = fc.record({
  id: fc.nat(49).map((number) => idOf('run', number)),
  state_type: fc.oneof(
    { weight: 5, arbitrary: fc.constant('SCHEDULED' as const) },
    { weight: 1, arbitrary: fc.constantFrom(...STATE_TYPES) },
  ),
  work_queue_id: orNull(fc.constantFrom(...emptyWorld.queues.map(({ id }) => id))),
  work_queue_name: fc.constant(null),
  next_scheduled_start_time: someMoment,
  waits: rarely,
});

type Step =
  | { kind: 'run'; row: Run }
  | {
      kind: 'queue';
      number: number;
      changes: { priority: number; is_paused: boolean; concurrency_limit: number | null };
    }
  | { kind: 'pool'; number: number; changes: { is_paused: boolean; concurrency_limit: number | null } }
  | { kind: 'claim'; place: ClaimPlace; limits: readonly number[] };

const changes = { is_paused: rarely, concurrency_limit: orNull(fc.integer({ min: 0, max: 6 })) };
const someStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('run' as const), row: someRun }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('queue' as const),
      number: fc.nat(5),
      changes: fc.record({ priority: fc.integer({ min: 1, max: 3 }), ...changes }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('pool' as const),
      number: fc.nat(1),
      changes: fc.record(changes),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('claim' as const),
      place: fc.record({
        pool: fc.nat(1).map((number) => idOf('pool', number)),
        queues: fc.constant([]),
        after: orNull(someMoment),
        before: orNull(someMoment),
        prefetchSeconds: fc.constantFrom(0, 30),
      }),
      limits: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 }),
    }),
  },
);

inEachWorld('claims', (it) => {
  it('claims take the runs of the poll, in its order and within its limits', async ({ context }) => {
    const { database } = context;
    const world = structuredClone(emptyWorld);
    await database.transaction((session) => writeWorld(session, world));
    for (const [number, step] of fc.sample(someStep, { seed, numRuns: steps }).entries()) {
      switch (step.kind) {
        case 'run':
          await putRun(context, world, step.row);
          break;
        case 'queue':
        case 'pool':
          await change(context, world, step);
          break;
        case 'claim': {
          const expected = fromPools(
            world,
            demandOf(step.place, sum(step.limits)),
            database.dialect.name === 'sqlite',
          );
          const given = await claim(context, step.place, step.limits);
          assert.deepEqual(
            given.flat(),
            expected.map((handed) => handed.run),
            `step ${number}: ${JSON.stringify(step)}`,
          );
          // The first claims are served first, each as far as its limit.
          given.reduce((before, runs, place) => {
            assert.equal(runs.length, Math.min(step.limits[place] ?? 0, expected.length - before));
            return before + runs.length;
          }, 0);
          for (const row of world.runs) if (given.flat().includes(row.id)) row.state_type = 'PENDING';
        }
      }
    }
  });

  it('a repeated claim gets the same runs, and no other claim gets them', async ({ context }) => {
    await withRuns(context, 5);
    const place = placeOf(0);
    const [first, second, third] = [randomUUID(), randomUUID(), randomUUID()];
    const answer = async (claimId: string, limit: number) =>
      (await claimRuns(context, place, [{ claimId, limit, signal, isTried: false }])).claims.get(claimId)
        ?.claim;
    const given = await answer(first, 2);
    assert.equal(given?.flow_runs.length, 2);
    assert.deepEqual(await answer(first, 2), given);
    const others = await answer(second, 5);
    assert.deepEqual(
      [...(given?.flow_runs ?? []), ...(others?.flow_runs ?? [])].map((claimed) => claimed.flow_run.id),
      [0, 1, 2, 3, 4].map((number) => idOf('run', number)),
    );
    assert.equal(await answer(third, 1), undefined);
    assert.deepEqual(await answer(first, 2), given);
  });

  it('claimed runs are Pending, with their history, and come with their flow', async ({ context }) => {
    await withRuns(context, 1);
    const claimId = randomUUID();
    const { claims, poolId } = await claimRuns(context, placeOf(0), [
      { claimId, limit: 1, signal, isTried: false },
    ]);
    const claim = claims.get(claimId)?.claim;
    const [claimed] = claim?.flow_runs ?? [];
    assert.equal(poolId, idOf('pool', 0));
    assert.equal(claimed?.work_pool_id, poolId);
    assert.equal(claimed?.work_queue_id, idOf('queue', 0));
    assert.equal(claimed?.flow_run.state_type, 'PENDING');
    assert.equal(claimed?.flow_run.state?.name, 'Pending');
    assert.deepEqual(claim?.deployments, []);
    assert.deepEqual(
      claim?.flows.map(({ id }) => id),
      [claimed?.flow_run.flow_id],
    );
  });

  it('servers that claim concurrently take no run twice and never exceed the limit', async ({
    context,
    secondServer,
  }) => {
    const limit = 4;
    await withRuns(context, 60, { concurrency_limit: limit });
    const servers = [context, await secondServer()];
    const seen: string[] = [];
    const work = async (server: Context) => {
      while (seen.length < 60) {
        const [runs = []] = await claim(server, placeOf(0), [2]);
        seen.push(...runs);
        const held = await server.database.read((session) =>
          session.all(session.sql.selectFrom('flow_run').select('id').where('state_type', '=', 'PENDING')),
        );
        assert.ok(held.length <= limit, `${held.length} runs hold ${limit} slots`);
        for (const id of runs) await setType(server, id, 'COMPLETED');
      }
    };
    await Promise.all(servers.flatMap((server) => [work(server), work(server)]));
    assert.equal(new Set(seen).size, 60);
    assert.equal(seen.length, 60);
  });

  it('a claim whose answer was lost is given back after a while, unless it is repeated', async ({
    context,
  }) => {
    await withRuns(context, 2);
    const later = { ...context, clock: { now: () => addSeconds(noon, 31) } };
    const [lost, repeated] = [randomUUID(), randomUUID()];
    await claimRuns(
      context,
      placeOf(0),
      [lost, repeated].map((claimId) => ({ claimId, limit: 1, signal, isTried: false })),
    );
    await noteLostClaim(context, lost, noon);
    await noteLostClaim(context, repeated, noon);
    assert.equal(await giveBackLostClaims(context), 0);
    await claimRuns(context, placeOf(0), [{ claimId: repeated, limit: 1, signal, isTried: false }]);
    assert.equal(await giveBackLostClaims(later), 1);
    assert.equal(await giveBackLostClaims(later), 0);
    const states = await context.database.read((session) =>
      session.all(
        session.sql
          .selectFrom('flow_run')
          .select(['id', 'state_type', 'next_scheduled_start_time'])
          .orderBy('id'),
      ),
    );
    assert.deepEqual(
      states.map(({ state_type }) => state_type),
      ['SCHEDULED', 'PENDING'],
    );
    const again = randomUUID();
    const { claims } = await claimRuns(context, placeOf(0), [
      { claimId: again, limit: 1, signal, isTried: false },
    ]);
    assert.equal(claims.get(again)?.claim.flow_runs[0]?.flow_run.id, idOf('run', 0));
  });

  it('a client that has hung up takes nothing', async ({ context }) => {
    await withRuns(context, 1);
    const claimId = randomUUID();
    const gone = { claimId, limit: 1, signal: AbortSignal.abort(), isTried: false };
    assert.equal((await claimRuns(context, placeOf(0), [gone])).claims.size, 0);
    assert.deepEqual(await claim(context, placeOf(0), [1]), [[idOf('run', 0)]]);
  });

  it('a client that disconnects during the transaction takes nothing', async ({ context }) => {
    await withRuns(context, 1);
    const leaving = new AbortController();
    // Its clock is read within the transaction.
    const clock = {
      now: () => {
        leaving.abort();
        return noon;
      },
    };
    const gone = { claimId: randomUUID(), limit: 1, signal: leaving.signal, isTried: false };
    const stays = { claimId: randomUUID(), limit: 1, signal, isTried: false };
    const { claims } = await claimRuns({ ...context, clock }, placeOf(0), [gone, stays]);
    assert.deepEqual([...claims.keys()], [stays.claimId]);
  });

  it('a lost answer to a request that was repeated since does not return its runs', async ({ context }) => {
    await withRuns(context, 1);
    const claim = { claimId: randomUUID(), limit: 1, signal, isTried: false };
    await claimRuns(context, placeOf(0), [claim]);
    const at = (seconds: number) => ({ ...context, clock: { now: () => addSeconds(noon, seconds) } });
    await claimRuns(at(1), placeOf(0), [claim]);
    await noteLostClaim(at(2), claim.claimId, noon);
    assert.equal(await giveBackLostClaims(at(100)), 0);
    await noteLostClaim(at(100), claim.claimId, addSeconds(noon, 1));
    assert.equal(await giveBackLostClaims(at(200)), 1);
  });

  it('a run that was lost, but is in another Pending state since, is not returned', async ({ context }) => {
    await withRuns(context, 1);
    const claimId = randomUUID();
    await claimRuns(context, placeOf(0), [{ claimId, limit: 1, signal, isTried: false }]);
    await noteLostClaim(context, claimId, noon);
    const later = { ...context, clock: { now: () => addSeconds(noon, 60) } };
    const proposal = { type: 'PENDING' } as const;
    await setFlowRunState(later, { flowRunId: idOf('run', 0), proposal, force: true, apiVersion: null });
    assert.equal(await giveBackLostClaims(later), 0);
  });

  it('a claim that is repeated for another pool gets the runs of its own pool', async ({ context }) => {
    await withRuns(context, 1);
    const claim = { claimId: randomUUID(), limit: 1, signal, isTried: false };
    const first = await claimRuns(context, placeOf(0), [claim]);
    const second = await claimRuns(context, placeOf(1), [claim]);
    assert.deepEqual(second.claims.get(claim.claimId)?.claim, first.claims.get(claim.claimId)?.claim);
    assert.equal(second.poolId, idOf('pool', 1));
  });

  it('claims are forgotten after an hour', async ({ context }) => {
    await withRuns(context, 2);
    await claim(context, placeOf(0), [2]);
    assert.equal(await forgetExpiredAnswers(context), 0);
    assert.equal(await forgetExpiredAnswers({ ...context, clock: { now: () => addSeconds(noon, 3601) } }), 2);
  });

  it('a round returns when the next run can be claimed', async ({ context }) => {
    const { database } = context;
    const inQueue = emptyWorld.queues[0];
    assert.ok(inQueue !== undefined);
    const next = async (place: ClaimPlace) => (await claimRuns(context, place, [])).nextDue;
    await database.transaction((session) => writeWorld(session, emptyWorld));
    assert.equal(await next(placeOf(0)), null);
    const waiting = (number: number, seconds: number, waits = false) => ({
      ...run(number, inQueue, 0),
      next_scheduled_start_time: addSeconds(noon, seconds),
      waits,
    });
    await putRun(context, structuredClone(emptyWorld), waiting(1, 90));
    assert.equal(await next(placeOf(0)), addSeconds(noon, 90));
    assert.equal(await next({ ...placeOf(0), prefetchSeconds: 10 }), addSeconds(noon, 80));
    assert.equal(await next(placeOf(1)), null);
    await putRun(context, structuredClone(emptyWorld), waiting(2, -10, true));
    assert.equal(await next(placeOf(0)), addSeconds(noon, 50));
    await database.transaction((session) =>
      session.run(session.sql.updateTable('work_queue').set({ is_paused: true })),
    );
    assert.equal(await next(placeOf(0)), addSeconds(noon, 50));
  });
});

/** Of a client that stays. */
const { signal } = new AbortController();

const placeOf = (number: number): ClaimPlace => ({
  pool: idOf('pool', number),
  queues: [],
  after: null,
  before: null,
  prefetchSeconds: 0,
});

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

function demandOf(place: ClaimPlace, limit: number): PoolDemand {
  return {
    pools: null,
    poolNames: [place.pool],
    queues: null,
    scheduledAfter: place.after,
    scheduledBefore: place.before ?? addSeconds(noon, place.prefetchSeconds),
    limit,
    limitPerPool: limit,
    limitPerQueue: limit,
    retriesHeldAfter: heldAfter,
  };
}

/** The ids of the runs that concurrent claims with these limits get. */
async function claim(context: Context, place: ClaimPlace, limits: readonly number[]): Promise<string[][]> {
  const wanted = limits.map((limit) => ({ claimId: randomUUID(), limit, signal, isTried: false }));
  const { claims } = await claimRuns(context, place, wanted);
  return wanted.map(({ claimId }) =>
    (claims.get(claimId)?.claim.flow_runs ?? []).map(({ flow_run }) => flow_run.id),
  );
}

async function withRuns(context: Context, count: number, fields: { concurrency_limit?: number } = {}) {
  const [first] = emptyWorld.queues;
  assert.ok(first !== undefined);
  const runs = Array.from({ length: count }, (_, number) => ({
    ...run(number, first, 0),
    next_scheduled_start_time: addSeconds(noon, number - count),
  }));
  const pools = [pool(0, fields), pool(1)];
  await context.database.transaction((session) => writeWorld(session, { ...emptyWorld, pools, runs }));
}

async function putRun({ database }: Context, world: World, row: Run): Promise<void> {
  await database.transaction(async (session) => {
    const { id } = row;
    const present = await session.first(session.sql.selectFrom('flow_run').select('id').where('id', '=', id));
    // A claim has left a state, which would not fit the new type.
    await session.run(session.sql.updateTable('flow_run').set({ state_id: null }).where('id', '=', id));
    await session.run(session.sql.deleteFrom('flow_run_state').where('flow_run_id', '=', id));
    if (present === undefined) await insertRun(session, row);
    else await updateRun(session, row);
  });
  world.runs = [...world.runs.filter(({ id }) => id !== row.id), row];
}

async function change(
  { database }: Context,
  world: World,
  { kind, number, changes }: Extract<Step, { kind: 'queue' | 'pool' }>,
): Promise<void> {
  const rows = kind === 'queue' ? world.queues : world.pools;
  Object.assign(rows[number] ?? {}, changes);
  const table = kind === 'queue' ? 'work_queue' : 'work_pool';
  await database.transaction((session) =>
    session.run(session.sql.updateTable(table).set(changes).where('id', '=', idOf(kind, number))),
  );
}

async function setType({ database }: Context, id: string, state_type: StateType): Promise<void> {
  await database.transaction((session) =>
    session.run(session.sql.updateTable('flow_run').set({ state_type }).where('id', '=', id)),
  );
}
