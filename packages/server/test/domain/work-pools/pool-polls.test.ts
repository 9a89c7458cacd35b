import assert from 'node:assert/strict';
import type { WorkPoolRunsBody } from '@mintaka/contract';
import { inEachWorld } from '@mintaka/testing/worlds';
import fc from 'fast-check';
import type { Database } from '../../../src/database/database.ts';
import type { Context } from '../../../src/domain/context.ts';
import { createPoolPolls, type PollWorkPool } from '../../../src/domain/work-pools/pool-polls.ts';
import { at, pool, queue, run, writeWorld } from '../../database/dispatch/world.ts';

const rounds = 60;
const silent = { poolPolled: () => {}, queuePolled: () => {} };

const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null, freq: 3 });
const someWorld = fc
  .record({
    poolLimit: orNull(fc.nat(12)),
    queues: fc.array(fc.record({ priority: fc.integer({ min: 1, max: 3 }), limit: orNull(fc.nat(5)) }), {
      minLength: 1,
      maxLength: 4,
    }),
    dues: fc.array(fc.tuple(fc.nat(3), fc.nat(9)), { maxLength: 30 }),
  })
  .map(({ poolLimit, queues, dues }) => {
    const rows = queues.map(({ priority, limit }, number) =>
      queue(number, 0, { priority, concurrency_limit: limit }),
    );
    const runs = dues.flatMap(([place, due], number) => {
      const waitsIn = rows[place];
      return waitsIn === undefined ? [] : [run(number, waitsIn, due)];
    });
    return { pools: [pool(0, { concurrency_limit: poolLimit })], queues: rows, runs };
  });
const somePolls: fc.Arbitrary<WorkPoolRunsBody[]> = fc.array(
  fc.record(
    {
      limit: fc.integer({ min: 0, max: 12 }),
      scheduled_before: fc.nat(9).map(at),
      scheduled_after: fc.nat(4).map(at),
      work_queue_names: fc.constantFrom([], [], ['queue 0']),
    },
    { requiredKeys: [] },
  ),
  { minLength: 2, maxLength: 8 },
);

inEachWorld('polls of a pool', (it) => {
  const idsOf = async (poll: PollWorkPool, body: WorkPoolRunsBody) =>
    (await poll(silent, pool(0).id, body)).map(({ flow_run }) => flow_run.id);

  it('each get the same answer concurrently as alone', async ({ context }) => {
    const together = createPoolPolls(context);
    await fc.assert(
      fc.asyncProperty(someWorld, somePolls, async (world, polls) => {
        await context.database.transaction((session) => writeWorld(session, world));
        const told = await Promise.all(polls.map((body) => idsOf(together, body)));
        for (const [place, body] of polls.entries()) {
          assert.deepEqual(told[place], await idsOf(createPoolPolls(context), body));
        }
      }),
      { seed: 280, numRuns: rounds },
    );
  });

  it('share one additional query if twenty arrive while one is running', async ({ context }) => {
    const waiting = queue(0, 0);
    const world = { pools: [pool(0)], queues: [waiting], runs: [run(0, waiting, 0), run(1, waiting, 5)] };
    await context.database.transaction((session) => writeWorld(session, world));
    const { counted, reads } = countingReads(context);
    const poll = createPoolPolls(counted);
    const told = await Promise.all(
      Array.from({ length: 21 }, (_, number) =>
        idsOf(poll, { limit: 1 + number, scheduled_before: at(20 + number) }),
      ),
    );
    assert.equal(reads(), 2);
    assert.deepEqual(told[0], [run(0, waiting, 0).id]);
    assert.deepEqual(told[20], [run(0, waiting, 0).id, run(1, waiting, 5).id]);
  });
});

/** The same context, with its reads counted; each resolves in a later turn, as over a network. */
function countingReads(context: Context): { counted: Context; reads: () => number } {
  let reads = 0;
  const read: Database['read'] = async (work) => {
    reads += 1;
    await new Promise(setImmediate);
    return context.database.read(work);
  };
  return { counted: { ...context, database: { ...context.database, read } }, reads: () => reads };
}
