import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { addSeconds, jsonText } from '@mintaka/contract';
import { spend } from '@mintaka/contract/schedules';
import { inEachWorld, makeDeployment, noon, plannedStarts } from '@mintaka/testing/worlds';
import type { ScheduledDeployment } from '../../../src/domain/scheduling/planned-runs.ts';
import { scheduleDeployment } from '../../../src/domain/scheduling/schedule-deployment.ts';
import { scheduleAllDeployments } from '../../../src/domain/scheduling/schedule-deployments.ts';
import { rememberSlowSchedules } from '../../../src/domain/scheduling/slow-schedules.ts';

const endless = { rrule: 'RRULE:FREQ=SECONDLY\nEXRULE:FREQ=SECONDLY', timezone: 'UTC' };
const everyDay = { cron: '0 6 * * *', timezone: null, day_or: true };
const failing = (id: string, error: unknown) => assert.fail(`${id}: ${error}`);

inEachWorld('schedules that take too long to expand', (it) => {
  it('do not affect the runs of others, are reported once, and block nothing', async (world) => {
    const hostile: string[] = [];
    const ordinary: string[] = [];
    for (let number = 0; number < 8; number += 1) {
      hostile.push(await makeDeployment(world, endless));
      ordinary.push(await makeDeployment(world, everyDay));
    }
    const told: [string, number][] = [];
    const slow = rememberSlowSchedules((id, others) => told.push([id, others]));
    const turns = countTurns();
    for (let round = 0; round < 3; round += 1) await scheduleAllDeployments(world.context, failing, slow);
    assert.ok(turns.stop() > 100, 'the event loop turns while schedules are expanded');
    const starts = await plannedStarts(world.context);
    for (const id of ordinary) assert.equal(starts.get(id)?.length, 3);
    for (const id of hostile) assert.equal(starts.get(id), undefined);
    assert.deepEqual(
      told.map(([, others]) => others),
      [7],
    );
    assert.ok(hostile.includes(told[0]?.[0] ?? ''));
  });

  it('do not block the event loop when a request schedules runs', async (world) => {
    const id = await makeDeployment(world, endless);
    const turns = countTurns();
    await scheduleDeployment(world.context, id, {});
    assert.ok(turns.stop() > 50);
  });
});

/** Counts the turns of the event loop until it is stopped. */
function countTurns() {
  let turns = 0;
  let stopped = false;
  const turn = () => {
    turns += 1;
    if (!stopped) setImmediate(turn);
  };
  setImmediate(turn);
  return {
    stop: () => {
      stopped = true;
      return turns;
    },
  };
}

function deployment(id: string, updated = noon): ScheduledDeployment {
  const schedule = jsonText(endless);
  const rest = { flow_id: 'f', parameters: jsonText({}), tags: jsonText([]), work_queue_name: null };
  return { id, updated, schedule, ...rest, work_queue_id: null, infrastructure_document_id: null };
}

describe('the step budget of a round', () => {
  const ids = Array.from({ length: 40 }, (_, number) => `d${number}`);

  test('is given to slow schedules in turns over the rounds, a few in each', () => {
    const slow = rememberSlowSchedules();
    const turns: string[] = [];
    for (let number = 0; number < 10; number += 1) {
      const round = slow.begin();
      for (const id of ids) {
        const work = round.share(deployment(id));
        assert.equal(
          work === undefined,
          number > 0,
          'a schedule that is known to be slow waits for the others',
        );
        if (work !== undefined) spend(work, work.left + 1);
        round.putOff(deployment(id));
      }
      const before = turns.length;
      for (const { deployment: next, work } of round.slowOnes()) {
        turns.push(next.id);
        spend(work, work.left + 1);
      }
      assert.ok(turns.length - before <= 5);
    }
    assert.deepEqual([...new Set(turns)].sort(), [...ids].sort());
  });

  test('leaves a share for every schedule, even when it is used up', () => {
    const round = rememberSlowSchedules().begin();
    for (let number = 0; number < 500; number += 1) {
      const work = round.share(deployment(`d${number}`));
      assert.ok(work !== undefined && work.left >= 20_000);
      spend(work, work.left + 1);
      round.putOff(deployment(`d${number}`));
    }
  });

  test('resets a schedule that was changed, or that has become fast', () => {
    const slow = rememberSlowSchedules();
    const first = slow.begin();
    for (const id of ['changed', 'quick']) first.putOff(deployment(id));
    for (const { deployment: next, work } of first.slowOnes()) {
      if (next.id === 'changed') spend(work, work.left + 1);
    }
    const second = slow.begin();
    assert.notEqual(second.share(deployment('quick')), undefined);
    assert.notEqual(second.share(deployment('changed', addSeconds(noon, 1))), undefined);
    assert.equal(second.share(deployment('changed')), undefined);
  });
});
