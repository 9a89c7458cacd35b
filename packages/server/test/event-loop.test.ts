import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEventLoopWatch } from '../src/event-loop.ts';

/** A watch whose time the test controls. */
function watchAt() {
  let time = 0;
  let processor = 0;
  const warnings: object[] = [];
  const delays: number[] = [];
  const watch = createEventLoopWatch({
    log: { warn: (fields: object) => void warnings.push(fields) },
    interval: 20,
    now: () => time,
    processorTime: () => processor,
    observe: (seconds) => delays.push(seconds),
  });
  const pass = (milliseconds: number, used = milliseconds) => {
    time += milliseconds;
    processor += used;
  };
  return { watch, warnings, delays, pass };
}

test('a turn over 200 ms causes one warning that names the responsible request first', () => {
  const { watch, warnings, delays, pass } = watchAt();
  watch.begin({ name: 'POST /api/waits/', requestId: 'waits' });
  const before = watch.begin({ name: 'loop before' });
  pass(20);
  before();
  watch.look();
  const end = watch.begin({ name: 'POST /api/slow/', requestId: 'slow' });
  pass(320, 300);
  end();
  watch.look();

  assert.deepEqual(warnings, [
    {
      milliseconds: 300,
      processorMilliseconds: 300,
      causes: [
        { name: 'POST /api/slow/', requestId: 'slow' },
        { name: 'POST /api/waits/', requestId: 'waits' },
      ],
    },
  ]);
  assert.deepEqual(delays, [0, 0.3]);
});

test('shorter turns are measured but not logged', () => {
  const { watch, warnings, delays, pass } = watchAt();
  for (const turn of [20, 5, 219]) {
    pass(turn);
    watch.look();
  }

  assert.deepEqual(warnings, []);
  assert.deepEqual(delays, [0, 0, 0.199]);
});

test('the same cause is logged once in ten seconds, with the number of omitted warnings', () => {
  const { watch, warnings, pass } = watchAt();
  const round = (name: string, milliseconds: number) => {
    const end = watch.begin({ name });
    pass(milliseconds);
    end();
    watch.look();
  };
  round('loop a', 500);
  round('loop a', 500);
  round('loop b', 500);
  pass(10_000);
  watch.look();
  round('loop a', 500);

  const causes = warnings.map((warning) => JSON.stringify(warning));
  assert.equal(causes.length, 4);
  assert.match(causes[0] ?? '', /"loop a"/);
  assert.match(causes[1] ?? '', /"loop b"/);
  assert.match(causes[2] ?? '', /"causes":\[\]/);
  assert.match(causes[3] ?? '', /"loop a".*"omitted":1/);
});

test('an activity that ends twice, and one that never ends, do no harm', () => {
  const { watch, warnings, pass } = watchAt();
  const end = watch.begin({ name: 'POST /api/x/' });
  end();
  end();
  watch.begin({ name: 'endless' });
  pass(1000);
  watch.look();
  pass(20_000);
  watch.look();

  assert.equal(warnings.length, 2);
});
