import assert from 'node:assert/strict';
import { hourly, onEachDialect } from './deployments.ts';

const nowhere = '00000000-0000-0000-0000-000000000000';

onEachDialect('runs of deployments', (it) => {
  it('a schedule creates the fewest runs that reach both minimums within the bounds', async (app) => {
    const from = { start_time: '2026-01-01T00:00:00+00:00' };
    const bounds: [body: object, runs: number, first: string | undefined][] = [
      [from, 3, '2026-01-01T00:00:00+00:00'],
      [{ ...from, min_runs: 1, min_time: 36_000 }, 11, '2026-01-01T00:00:00+00:00'],
      [{ ...from, min_runs: 30, end_time: '2026-01-02T00:00:00+00:00' }, 25, '2026-01-01T00:00:00+00:00'],
      [{ ...from, min_runs: 10, max_runs: 5 }, 5, '2026-01-01T00:00:00+00:00'],
      [{ ...from, max_runs: 0 }, 1, '2026-01-01T00:00:00+00:00'],
      [{ ...from, end_time: '2025-12-31T00:00:00+00:00' }, 0, undefined],
      [{ start_time: '2026-01-01T05:30:00+02:00', min_time: 0 }, 3, '2026-01-01T04:00:00+00:00'],
    ];
    for (const [index, [body, count, first]] of bounds.entries()) {
      const { id } = (await app.save({ name: `bounds ${index}`, schedule: hourly })).body;
      const answer = await app.send('POST', `/api/deployments/${id}/schedule`, body);
      assert.deepEqual(answer, { status: 200, body: null });
      const runs = await app.runsOf(id);
      assert.deepEqual([runs.length, runs[0]?.expected_start_time], [count, first], JSON.stringify(body));
    }
  });

  it("a scheduled run gets its deployment's values, and a key with its local date", async (app) => {
    const { id } = (
      await app.save({
        name: 'inherited',
        schedule: { cron: '0 9 * * *', timezone: 'America/New_York' },
        tags: ['a'],
        parameters: { x: 1 },
        work_queue_name: 'queue',
      })
    ).body;
    await app.send('POST', `/api/deployments/${id}/schedule`, {
      start_time: '2026-01-01T00:00:00+00:00',
      max_runs: 1,
    });
    const [run] = await app.runsOf(id);
    const { idempotency_key, tags, parameters, work_queue_name, work_pool_name, auto_scheduled } = run;
    assert.deepEqual(
      { idempotency_key, tags, parameters, work_queue_name, work_pool_name, auto_scheduled },
      {
        idempotency_key: `scheduled ${id} 2026-01-01T09:00:00-05:00`,
        tags: ['auto-scheduled', 'a'],
        parameters: { x: 1 },
        work_queue_name: 'queue',
        work_pool_name: 'default-agent-pool',
        auto_scheduled: true,
      },
    );
    const { state_type, state_name, state, next_scheduled_start_time } = run;
    assert.deepEqual(
      [state_type, state_name, state.message],
      ['SCHEDULED', 'Scheduled', 'Flow run scheduled'],
    );
    assert.equal(state.id, run.state_id);
    assert.equal(state.state_details.scheduled_time, '2026-01-01T14:00:00+00:00');
    assert.equal(next_scheduled_start_time, '2026-01-01T14:00:00+00:00');
  });

  it('scheduling again adds nothing, and neither does an inactive or missing schedule', async (app) => {
    const { id } = (await app.save({ name: 'again', schedule: hourly })).body;
    for (let time = 0; time < 3; time += 1) await app.send('POST', `/api/deployments/${id}/schedule`, {});
    assert.equal((await app.runsOf(id)).length, 3);
    const off = (await app.save({ name: 'off', schedule: hourly, is_schedule_active: false })).body.id;
    await app.send('POST', `/api/deployments/${off}/schedule`);
    assert.equal((await app.runsOf(off)).length, 0);
    assert.deepEqual(await app.send('POST', `/api/deployments/${nowhere}/schedule`, {}), {
      status: 200,
      body: null,
    });
  });

  it('deactivating a schedule drops its runs; activating it creates none by itself', async (app) => {
    const { id } = (await app.save({ name: 'switched', schedule: hourly })).body;
    await app.send('POST', `/api/deployments/${id}/schedule`, {});
    await app.send('POST', `/api/deployments/${id}/create_flow_run`, { state: { type: 'SCHEDULED' } });
    const done = { status: 200, body: null };
    assert.deepEqual(await app.send('POST', `/api/deployments/${id}/set_schedule_inactive`), done);
    assert.equal((await app.send('GET', `/api/deployments/${id}`)).body.is_schedule_active, false);
    assert.deepEqual(
      (await app.runsOf(id)).map((run) => run.auto_scheduled),
      [false],
    );
    assert.deepEqual(await app.send('POST', `/api/deployments/${id}/set_schedule_active`), done);
    assert.equal((await app.send('GET', `/api/deployments/${id}`)).body.is_schedule_active, true);
    assert.equal((await app.runsOf(id)).length, 1);
    for (const action of ['set_schedule_active', 'set_schedule_inactive']) {
      const missing = await app.send('POST', `/api/deployments/${nowhere}/${action}`);
      assert.deepEqual(missing, { status: 404, body: { detail: 'Deployment not found' } });
    }
  });

  it('deleting a deployment deletes its scheduled runs; the others lose the reference', async (app) => {
    const { id } = (await app.save({ name: 'deleted', schedule: hourly })).body;
    await app.send('POST', `/api/deployments/${id}/schedule`, {});
    const run = await app.send('POST', `/api/deployments/${id}/create_flow_run`, {});
    assert.equal((await app.send('DELETE', `/api/deployments/${id}`)).status, 204);
    assert.equal((await app.runsOf(id)).length, 0);
    assert.equal((await app.send('GET', `/api/flow_runs/${run.body.id}`)).body.deployment_id, null);
    const again = await app.send('DELETE', `/api/deployments/${id}`);
    assert.deepEqual(again, { status: 404, body: { detail: 'Deployment not found' } });
  });

  it('a run of a deployment gets its parameters, tags and queue in addition to the given ones', async (app) => {
    const { id } = (
      await app.save({ name: 'run', tags: ['a', 'b'], parameters: { x: 1, y: 2 }, work_queue_name: 'queue' })
    ).body;
    const path = `/api/deployments/${id}/create_flow_run`;
    const given = { parameters: { y: 3 }, tags: ['b', 'c'], idempotency_key: 'key', name: 'first' };
    const { status, body } = await app.send('POST', path, given);
    assert.equal(status, 201);
    assert.deepEqual(
      [
        body.parameters,
        body.tags,
        body.work_queue_name,
        body.work_pool_name,
        body.state_type,
        body.deployment_id,
      ],
      [{ x: 1, y: 3 }, ['a', 'b', 'c'], 'queue', 'default-agent-pool', 'PENDING', id],
    );
    const again = await app.send('POST', path, { idempotency_key: 'key', name: 'second' });
    assert.deepEqual([again.status, again.body.id, again.body.name], [200, body.id, 'first']);
    assert.equal((await app.send('POST', `/api/deployments/${nowhere}/create_flow_run`, {})).status, 404);
  });

  it('the check of queues lists those whose filter matches the deployment', async (app) => {
    const { id } = (await app.save({ name: 'checked', tags: ['a', 'b'] })).body;
    const filters = {
      'tag of it': { tags: ['a'] },
      'other tag': { tags: ['a', 'z'] },
      'it by id': { deployment_ids: [nowhere, id] },
      'other id': { deployment_ids: [nowhere] },
      'nothing said': { tags: [], deployment_ids: [] },
      'id, but other tag': { tags: ['z'], deployment_ids: [id] },
    };
    for (const [name, filter] of Object.entries(filters)) {
      await app.send('POST', '/api/work_queues/', { name, filter });
    }
    const { body } = await app.send('GET', `/api/deployments/${id}/work_queue_check`);
    const names = body.map((queue: { name: string }) => queue.name);
    assert.deepEqual(
      Object.keys(filters).filter((name) => names.includes(name)),
      ['tag of it', 'it by id', 'nothing said'],
    );
  });

  it('flow runs become points of a plot', async (app) => {
    const { id } = (await app.save({ name: 'plotted', schedule: hourly })).body;
    await app.send('POST', `/api/deployments/${id}/schedule`, {
      start_time: '2126-01-01T00:00:00+00:00',
      end_time: '2126-01-02T00:00:00+00:00',
    });
    const filters = { deployments: { id: { any_: [id] } } };
    const { body } = await app.send('POST', '/api/ui/flow_runs/history', { ...filters, limit: 2 });
    const [run] = (await app.runsOf(id)).reverse();
    assert.equal(body.length, 2);
    assert.deepEqual(body[0], {
      id: run.id,
      state_type: 'SCHEDULED',
      timestamp: '2126-01-01T02:00:00+00:00',
      duration: 0,
      lateness: 0,
    });
    const tooMany = await app.send('POST', '/api/ui/flow_runs/history', { limit: 1001 });
    assert.equal(tooMany.status, 422);
    assert.equal(tooMany.body.exception_detail[0].msg, 'ensure this value is less than or equal to 1000');
  });
});
