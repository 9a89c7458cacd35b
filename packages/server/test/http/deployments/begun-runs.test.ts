import assert from 'node:assert/strict';
import { type Deployments, hourly, onEachDialect } from './deployments.ts';

/** Proposes or forces a state for a run. */
async function set({ send }: Deployments, run: string, type: string, force = false, name?: string) {
  const state = { type, ...(name === undefined ? {} : { name }) };
  return (await send('POST', `/api/flow_runs/${run}/set_state`, { state, force })).body;
}

/** A deployment with three scheduled runs: one waits for its retry, one was rescheduled manually, one never began. */
async function begun(app: Deployments, body: { name: string; [key: string]: unknown }) {
  const { id } = (await app.save({ schedule: hourly, ...body })).body;
  const start_time = '2026-01-01T00:00:00+00:00';
  await app.send('POST', `/api/deployments/${id}/schedule`, { start_time, max_runs: 3 });
  const [retrying, again, idle] = (await app.runsOf(id)).map((run) => run.id as string);
  assert.ok(retrying && again && idle);
  await app.send('PATCH', `/api/flow_runs/${retrying}`, {
    empirical_policy: { retries: 1, retry_delay: 100 },
  });
  for (const type of ['PENDING', 'RUNNING']) await set(app, retrying, type);
  assert.equal((await set(app, retrying, 'FAILED')).state.name, 'AwaitingRetry');
  // It failed before it ran, as an agent reports that cannot start it.
  for (const type of ['PENDING', 'FAILED']) await set(app, again, type);
  assert.equal((await set(app, again, 'SCHEDULED', false, 'AwaitingRetry')).status, 'ACCEPT');
  await set(app, idle, 'SCHEDULED', true, 'Late');
  return { id, kept: [retrying, again], all: [retrying, again, idle] };
}

onEachDialect('runs of a schedule that have begun', (it) => {
  const idsOf = async (app: Deployments, id: string) => (await app.runsOf(id)).map((run) => run.id);

  it('are kept when the deployment is applied again; those that never began are dropped if it is changed', async (app) => {
    const { id, kept, all } = await begun(app, { name: 'applied', tags: ['a'] });
    await app.save({ name: 'applied', schedule: hourly, tags: ['a'] });
    assert.deepEqual(await idsOf(app, id), all, 'an unchanged deployment drops nothing');
    await app.save({ name: 'applied', schedule: hourly, tags: ['a'], version: '2', description: 'About' });
    assert.deepEqual(await idsOf(app, id), all, 'its runs do not contain that');
    await app.save({ name: 'applied', schedule: hourly, tags: ['b'] });
    assert.deepEqual(await idsOf(app, id), kept);
  });

  it('of an interval without an anchor are kept when the same deployment is applied or changed again', async (app) => {
    const schedule = { interval: 3600, timezone: 'Europe/Paris' };
    const { id, kept, all } = await begun(app, { name: 'unanchored', schedule });
    await app.save({ name: 'unanchored', schedule });
    await app.send('PATCH', `/api/deployments/${id}`, { schedule });
    assert.deepEqual(await idsOf(app, id), all, 'the anchor of the first time is kept');
    await app.save({ name: 'unanchored', schedule: { ...schedule, interval: 7200 } });
    assert.deepEqual(await idsOf(app, id), kept);
  });

  it('are kept when the deployment is changed; a change of nothing that runs contain drops none', async (app) => {
    const { id, kept, all } = await begun(app, { name: 'changed' });
    for (const body of [{ description: 'new' }, { schedule: hourly, tags: [], parameters: {} }, {}]) {
      await app.send('PATCH', `/api/deployments/${id}`, body);
      assert.deepEqual(await idsOf(app, id), all, JSON.stringify(body));
    }
    await app.send('PATCH', `/api/deployments/${id}`, { parameters: { x: 1 } });
    assert.deepEqual(await idsOf(app, id), kept);
  });

  it('are kept when the schedule is deactivated, in both ways', async (app) => {
    for (const [name, off] of [
      ['switched', (id: string) => app.send('POST', `/api/deployments/${id}/set_schedule_inactive`)],
      ['patched', (id: string) => app.send('PATCH', `/api/deployments/${id}`, { is_schedule_active: false })],
    ] as const) {
      const { id, kept } = await begun(app, { name: `off ${name}` });
      await off(id);
      assert.deepEqual(await idsOf(app, id), kept);
    }
  });

  it('are kept when the deployment is deleted, including those that people created', async (app) => {
    const { id, kept, all } = await begun(app, { name: 'deleted' });
    const path = `/api/deployments/${id}/create_flow_run`;
    const [idle, made] = [await app.send('POST', path, {}), await app.send('POST', path, {})].map(
      (run) => run.body.id,
    );
    await set(app, idle, 'SCHEDULED', true);
    await app.send('DELETE', `/api/flow_runs/${idle}`);
    const scheduled = (await app.send('POST', path, { state: { type: 'SCHEDULED' } })).body.id;
    for (const type of ['RUNNING', 'SCHEDULED']) await set(app, made, type, true);
    assert.equal((await app.send('DELETE', `/api/deployments/${id}`)).status, 204);
    const there = async (run: string) => (await app.send('GET', `/api/flow_runs/${run}`)).status === 200;
    for (const run of [...kept, made]) assert.ok(await there(run));
    for (const run of [...all.filter((one) => !kept.includes(one)), scheduled])
      assert.ok(!(await there(run)));
  });
});
