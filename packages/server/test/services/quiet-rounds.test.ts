import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testApp } from '@mintaka/testing/app';
import { keptLog } from '@mintaka/testing/log-lines';
import { recentScheduler, scheduler } from '../../src/services/scheduler.ts';

test('a round of the scheduler is logged at INFO only if it scheduled runs', async () => {
  const { log, lines } = keptLog('info');
  const { app, context, close } = await testApp();
  const round = async (make: typeof scheduler) => {
    const service = make(context, log);
    service.start();
    await service.stop();
    return lines.splice(0).map(({ msg }) => msg);
  };
  assert.deepEqual([await round(scheduler), await round(recentScheduler)], [[], []]);

  const { id } = (await app.inject({ method: 'POST', url: '/api/flows/', payload: { name: 'f' } })).json();
  const payload = { name: 'd', flow_id: id, schedule: { interval: 3600 }, is_schedule_active: true };
  await app.inject({ method: 'POST', url: '/api/deployments/', payload });
  assert.deepEqual(await round(scheduler), ['scheduled runs']);
  assert.deepEqual(await round(scheduler), []);
  await close();
});
