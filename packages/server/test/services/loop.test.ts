import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordingLog } from '@mintaka/testing/recording-log';
import { TemporaryDatabaseError } from '../../src/domain/errors.ts';
import { loop, systemTimer, type Timer } from '../../src/services/loop.ts';

/** A timer whose time the test controls; it reports how long a loop wants to wait. */
function manualTimer() {
  let now = 0;
  let waiting: { until: number; done: () => void } | undefined;
  let onWait = Promise.withResolvers<number>();
  const timer: Timer = {
    now: () => now,
    wait: (milliseconds, signal) =>
      new Promise((done) => {
        if (signal.aborted) return done();
        signal.addEventListener('abort', () => done(), { once: true });
        waiting = { until: now + milliseconds, done };
        onWait.resolve(milliseconds);
      }),
  };
  return {
    timer,
    /** Returns how long the loop waits, once it does. */
    async nextWait(): Promise<number> {
      const wait = await onWait.promise;
      onWait = Promise.withResolvers<number>();
      return wait;
    },
    /** Moves the time; within a round nothing waits, so it only counts. */
    pass(milliseconds: number): void {
      now += milliseconds;
      if (waiting !== undefined && now >= waiting.until) waiting.done();
    },
  };
}

test('a loop runs immediately, and again one interval after the start of the last round', async () => {
  const { timer, nextWait, pass } = manualTimer();
  let rounds = 0;
  const service = loop({
    name: 'test',
    seconds: 5,
    log: recordingLog().log,
    timer,
    runOnce: async () => {
      rounds += 1;
      pass(2000);
    },
  });
  service.start();
  assert.equal(await nextWait(), 3000);
  assert.equal(rounds, 1);
  pass(3000);
  assert.equal(await nextWait(), 3000);
  assert.equal(rounds, 2);
  await service.stop();
  assert.equal(rounds, 2);
});

test('a round that takes longer than the interval is followed immediately, with a warning', async () => {
  const { timer, nextWait, pass } = manualTimer();
  const { log, lines } = recordingLog();
  const service = loop({ name: 'slow', seconds: 5, log, timer, runOnce: async () => pass(6000) });
  service.start();
  assert.equal(await nextWait(), 0);
  await service.stop();
  assert.deepEqual([lines[0]?.service, lines[0]?.msg], ['slow', 'a round took longer than the interval']);
});

test('rounds that fail for the same reason are logged once, another failure again, and so is the recovery', async () => {
  const { timer, nextWait, pass } = manualTimer();
  const { log, lines } = recordingLog();
  const outcomes = ['no luck', 'no luck', 'worse', undefined, 'no luck'];
  const service = loop({
    name: 'failing',
    seconds: 1,
    log,
    timer,
    runOnce: async () => {
      const failure = outcomes.shift();
      if (failure !== undefined) throw new Error(failure);
    },
  });
  service.start();
  for (let round = 1; round < 5; round += 1) {
    await nextWait();
    pass(1000);
  }
  await nextWait();
  await service.stop();
  const failed = 'background loop failed; continuing';
  assert.deepEqual(
    lines.map(({ service, msg, failures }) => [service, msg, failures]),
    [
      ['failing', failed, undefined],
      ['failing', failed, undefined],
      ['failing', 'background loop recovered', 3],
      ['failing', failed, undefined],
    ],
  );
});

test('an outage of the database is one line without a stack, whatever its faults', async () => {
  const { timer, nextWait, pass } = manualTimer();
  const { log, lines } = recordingLog();
  const faults = ['connection lost', 'unreachable', 'unreachable'] as const;
  let round = 0;
  const service = loop({
    name: 'away',
    seconds: 1,
    log,
    timer,
    runOnce: async () => {
      const fault = faults[round];
      round += 1;
      if (fault !== undefined) throw new TemporaryDatabaseError(fault);
    },
  });
  service.start();
  for (let count = 0; count < faults.length; count += 1) {
    await nextWait();
    pass(1000);
  }
  await nextWait();
  await service.stop();
  assert.deepEqual(
    lines.map(({ msg, err, failures }) => [msg, err, failures]),
    [
      ['background loop failed; continuing', undefined, undefined],
      ['background loop recovered', undefined, 3],
    ],
  );
});

test('stopping waits for the running round, however often it is called', async () => {
  const round = Promise.withResolvers<void>();
  let ended = false;
  const service = loop({
    name: 'test',
    seconds: 60,
    log: recordingLog().log,
    runOnce: async () => {
      await round.promise;
      ended = true;
    },
  });
  service.start();
  service.start();
  const stops = [service.stop(), service.stop()];
  round.resolve();
  await Promise.all(stops);
  assert.ok(ended);
  await service.stop();
});

test('a loop that was never started can be stopped, and does not start any more', async () => {
  let rounds = 0;
  const runOnce = async () => {
    rounds += 1;
  };
  const service = loop({ name: 'test', seconds: 60, log: recordingLog().log, runOnce });
  await service.stop();
  service.start();
  await service.stop();
  assert.equal(rounds, 0);
});

test('the real timer stops waiting with the signal', async () => {
  const stopping = new AbortController();
  const waited = systemTimer.wait(1_000_000, stopping.signal);
  stopping.abort();
  await waited;
  await systemTimer.wait(1_000_000, stopping.signal);
});
