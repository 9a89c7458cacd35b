import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { addSeconds, fromEpoch, STATE_TYPES, type Timestamp } from '@mintaka/contract';
import fc from 'fast-check';
import { estimatedRunTime, estimatedStartTimeDelta } from '../../src/database/codecs/run-times.ts';
import type { Database } from '../../src/database/database.ts';
import type { HistoryGroup, HistoryQuestion } from '../../src/database/dialects/history.ts';
import { type Databases, openBoth } from './databases.ts';

const flow = '30000000-0000-4000-8000-000000000000';
const origin = fromEpoch(1_790_000_000, 250_000);
const now = addSeconds(origin, 4_000);

const someMoment = fc
  .tuple(fc.integer({ min: -100, max: 8_000 }), fc.integer({ min: 0, max: 999_999 }))
  .map(([seconds, micros]) => addSeconds(fromEpoch(1_790_000_000 + seconds, 0), micros / 1e6));
const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const someRun = fc.record({
  state_type: orNull(fc.constantFrom(...STATE_TYPES)),
  state_name: orNull(fc.constantFrom('Late', 'Other')),
  state_timestamp: orNull(someMoment),
  expected_start_time: orNull(
    fc.oneof(someMoment, fc.constant(origin), fc.constant(addSeconds(origin, 600))),
  ),
  start_time: orNull(someMoment),
  ran: fc.integer({ min: 0, max: 90_000_000_000 }),
});
type Run = typeof someRun extends fc.Arbitrary<infer Value> ? Value : never;

const micros = (seconds: number) => Math.round(seconds * 1e6);

// The times of a single run as in its answer, in microseconds, so that sums are exact. A history must return their sums.

function late(run: Run): number {
  // SQL's NOT IN is NULL for a run without a state, so histories count it as on time.
  if (run.start_time === null && run.state_type === null) return 0;
  return micros(estimatedStartTimeDelta(run, now));
}

function ran(run: Run): number {
  return micros(estimatedRunTime({ ...run, total_run_time: run.ran / 1e6 }, now));
}

/** The expected groups, counted in a simple way, by their keys. */
function expectedGroups(runs: readonly Run[], { starts, end }: HistoryQuestion): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const run of runs) {
    const { expected_start_time: expected } = run;
    if (expected === null || expected < starts[0] || expected >= end) continue;
    const bar = starts.filter((start) => start <= expected).length - 1;
    const key = JSON.stringify([bar, run.state_type, run.state_name]);
    const [count = 0, time = 0, lateness = 0] = groups.get(key) ?? [];
    groups.set(key, [count + 1, time + ran(run), lateness + late(run)]);
  }
  return groups;
}

function byKey(groups: readonly HistoryGroup[]): Map<string, number[]> {
  return new Map(
    groups.map((group) => [
      JSON.stringify([group.bar, group.state_type, group.state_name]),
      [group.count_runs, micros(group.sum_estimated_run_time), micros(group.sum_estimated_lateness)],
    ]),
  );
}

async function insert(database: Database, runs: readonly Run[]): Promise<void> {
  const { interval } = database.dialect.bindings;
  const rows = runs.map(({ ran: time, ...run }, place) => ({
    ...run,
    name: `run-${place}`,
    flow_id: flow,
    tags: '[]',
    context: '{}',
    empirical_policy: '{}',
    parameters: '{}',
    total_run_time: interval(time / 1e6),
  }));
  await database.transaction(async (session) => {
    await session.run(session.sql.deleteFrom('flow_run'));
    if (rows.length > 0) await session.run(session.sql.insertInto('flow_run').values(rows));
  });
}

describe('a history counts every run once, in the bar of its expected start', () => {
  let databases: Databases;
  before(async () => {
    databases = await openBoth();
    for (const database of databases.all) {
      await database.transaction((session) =>
        session.run(session.sql.insertInto('flow').values({ id: flow, name: 'any', tags: '[]' })),
      );
    }
  });
  after(() => databases.close());

  for (const interval of [1.5, 600]) {
    test(`bars of ${interval} seconds`, async () => {
      const starts: [Timestamp, ...Timestamp[]] = [origin];
      while (starts.length < 12) starts.push(addSeconds(origin, starts.length * interval));
      const end = addSeconds(origin, starts.length * interval);
      const question = { table: 'flow_run', condition: undefined, starts, end, interval, now } as const;
      await fc.assert(
        fc.asyncProperty(fc.array(someRun, { maxLength: 30 }), async (runs) => {
          for (const database of databases.all) {
            await insert(database, runs);
            const groups = await database.read((session) =>
              session.dialect.questions.history(session, question),
            );
            assert.deepEqual(byKey(groups), expectedGroups(runs, question), database.dialect.name);
            const bars = groups.map((group) => group.bar);
            assert.deepEqual(
              bars,
              bars.toSorted((a, b) => a - b),
            );
          }
        }),
        { numRuns: 25 },
      );
    });
  }
});
