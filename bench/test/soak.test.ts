import assert from 'node:assert/strict';
import test from 'node:test';
import { judgeSoak, type SoakMinute, slope } from '../report-soak.ts';
import { soakServer } from '../soak.ts';
import { dialectsOf } from '../subjects/databases.ts';

for (const dialect of dialectsOf(process.env.DIALECTS)) {
  test(`a server under the load of the soak has no errors, and its metrics are recorded: ${dialect}`, async () => {
    const minutes = await soakServer({ dialect, minutes: 3, rate: 40, secondsPerMinute: 1 });
    assert.deepEqual(
      minutes.flatMap(({ errors }) => errors),
      [],
    );
    for (const { rate, residentMebibytes, heapMebibytes, databaseMebibytes } of minutes.slice(1)) {
      assert.ok(rate > 0 && residentMebibytes > heapMebibytes && heapMebibytes > 0 && databaseMebibytes > 0);
    }
  });
}

test('the slope of a straight line is found, and fluctuating values have none', () => {
  assert.equal(slope([3, 5, 7, 9]), 2);
  assert.equal(slope([4, 8, 8, 4]), 0);
});

test('growing memory and slower requests fail a soak, a steady hour passes', () => {
  const fails = (change: (minute: number) => Partial<SoakMinute>) =>
    judgeSoak(Array.from({ length: 60 }, (_, minute) => ({ ...even(minute), ...change(minute) })))
      .filter(({ holds }) => !holds)
      .map(({ text }) => text.split(/ changes|:/)[0]);
  assert.deepEqual(
    fails(() => ({})),
    [],
  );
  assert.deepEqual(
    fails((minute) => ({ residentMebibytes: 150 + minute })),
    ['resident memory'],
  );
  assert.deepEqual(
    fails((minute) => ({ times: { ...even(0).times, poll: { p50: 1, p99: minute ** 2 } } })),
    ['p99 of poll'],
  );
  assert.deepEqual(
    fails((minute) => ({ errors: minute === 7 ? ['409'] : [] })),
    ['1 errors, the first'],
  );
});

function even(minute: number): SoakMinute {
  const time = { p50: 1, p99: 5 };
  return {
    minute,
    rate: 60,
    times: {
      'state change': time,
      create: time,
      logs: time,
      poll: time,
      list: time,
      count: time,
      history: time,
    },
    residentMebibytes: 200,
    heapMebibytes: 50,
    loopDelay: 10,
    databaseMebibytes: minute,
    errors: [],
  };
}
