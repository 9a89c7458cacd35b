import assert from 'node:assert/strict';
import { type DialectApp, inEachApp } from '@mintaka/testing/dialect-apps';

const template = {
  job_configuration: { command: '{{ command }}' },
  variables: { properties: { command: { type: 'string' } } },
};

inEachApp('work pools', (it) => {
  async function priorities({ send }: DialectApp, pool: string): Promise<[string, number][]> {
    const { body } = await send('POST', `/api/work_pools/${pool}/queues/filter`, {});
    return body.map((queue: { name: string; priority: number }) => [queue.name, queue.priority]);
  }

  it('a pool is created with its default queue, and its name is taken', async (server) => {
    const { send } = server;
    const made = await send('POST', '/api/work_pools/', { name: 'made', base_job_template: template });
    assert.equal(made.status, 201);
    assert.deepEqual(made.body.base_job_template, template);
    assert.equal(made.body.type, 'prefect-agent');
    const queue = await send('GET', `/api/work_queues/${made.body.default_queue_id}`);
    assert.equal(queue.body.name, 'default');
    assert.equal(queue.body.description, "The work pool's default queue.");
    assert.equal(queue.body.priority, 1);
    assert.deepEqual(await send('POST', '/api/work_pools/', { name: 'made' }), {
      status: 409,
      body: { detail: 'A work pool with this name already exists.' },
    });
  });

  it('a template whose configuration needs a variable that it does not define is refused', async (server) => {
    const broken = { ...template, variables: { properties: {} } };
    const body = { name: 'broken', base_job_template: broken };
    assert.equal((await server.send('POST', '/api/work_pools/', body)).status, 422);
  });

  it('names that begin with Prefect are reserved', async (server) => {
    const { send } = server;
    const reserved = "Work pools starting with 'Prefect' are reserved for internal use";
    assert.deepEqual(await send('POST', '/api/work_pools/', { name: 'PREFECT-own' }), {
      status: 403,
      body: { detail: `${reserved}.` },
    });
    assert.deepEqual(await send('PATCH', '/api/work_pools/prefect', { description: 'mine' }), {
      status: 403,
      body: { detail: `${reserved} and can only be updated to set concurrency limits or pause.` },
    });
    assert.equal((await send('PATCH', '/api/work_pools/prefect', { is_paused: true })).status, 404);
    assert.deepEqual(await send('DELETE', '/api/work_pools/prefect'), {
      status: 403,
      body: { detail: `${reserved} and can not be deleted.` },
    });
  });

  it('a change keeps omitted fields, and null in a required column is a conflict', async (server) => {
    const { send } = server;
    await send('POST', '/api/work_pools/', { name: 'changed', description: 'as it was' });
    assert.equal((await send('PATCH', '/api/work_pools/changed', { concurrency_limit: 0 })).status, 204);
    const { body } = await send('GET', '/api/work_pools/changed');
    assert.deepEqual([body.description, body.concurrency_limit, body.is_paused], ['as it was', 0, false]);
    assert.equal((await send('PATCH', '/api/work_pools/changed', { is_paused: null })).status, 409);
    assert.equal((await send('PATCH', '/api/work_pools/changed', { base_job_template: null })).status, 409);
    assert.equal((await send('PATCH', '/api/work_pools/changed', { name: 'other' })).status, 422);
  });

  it('missing objects are reported by name', async (server) => {
    const { send } = server;
    const none = { status: 404, body: { detail: 'Work pool "none" not found.' } };
    assert.deepEqual(await send('GET', '/api/work_pools/none'), none);
    assert.deepEqual(await send('PATCH', '/api/work_pools/none', {}), none);
    assert.deepEqual(await send('DELETE', '/api/work_pools/none'), none);
    assert.deepEqual(await send('POST', '/api/work_pools/none/queues', { name: 'a' }), none);
    assert.deepEqual(await send('POST', '/api/work_pools/none/queues/filter', {}), none);
    assert.deepEqual(await send('POST', '/api/work_pools/none/workers/filter', {}), none);
    assert.deepEqual(await send('POST', '/api/work_pools/none/workers/heartbeat', { name: 'w' }), none);
    assert.deepEqual(await send('POST', '/api/work_pools/none/get_scheduled_flow_runs', {}), none);
    const noQueue = { status: 404, body: { detail: "Work pool queue 'none/a' not found." } };
    assert.deepEqual(await send('GET', '/api/work_pools/none/queues/a'), noQueue);
    assert.deepEqual(await send('PATCH', '/api/work_pools/none/queues/a', {}), noQueue);
    assert.deepEqual(await send('DELETE', '/api/work_pools/none/queues/a'), noQueue);
  });

  it('queues are numbered without gaps when one is added, moved or deleted', async (server) => {
    const { send } = server;
    await send('POST', '/api/work_pools/', { name: 'order' });
    for (const body of [{ name: 'a' }, { name: 'b', priority: 1 }, { name: 'c', priority: 99 }]) {
      assert.equal((await send('POST', '/api/work_pools/order/queues', body)).status, 201);
    }
    assert.deepEqual(await priorities(server, 'order'), [
      ['b', 1],
      ['default', 2],
      ['a', 3],
      ['c', 4],
    ]);
    assert.equal((await send('PATCH', '/api/work_pools/order/queues/c', { priority: 2 })).status, 204);
    assert.deepEqual(await priorities(server, 'order'), [
      ['b', 1],
      ['c', 2],
      ['default', 3],
      ['a', 4],
    ]);
    assert.equal((await send('DELETE', '/api/work_pools/order/queues/b')).status, 204);
    assert.deepEqual(await priorities(server, 'order'), [
      ['c', 1],
      ['default', 2],
      ['a', 3],
    ]);
  });

  it('a priority below 1 counts from the end, and 0 is refused', async (server) => {
    const { send } = server;
    await send('POST', '/api/work_pools/', { name: 'below' });
    for (const body of [{ name: 'a' }, { name: 'b', priority: -1 }, { name: 'c', priority: 0 }]) {
      await send('POST', '/api/work_pools/below/queues', body);
    }
    assert.deepEqual(await priorities(server, 'below'), [
      ['b', 1],
      ['default', 2],
      ['a', 3],
      ['c', 4],
    ]);
    assert.equal((await send('PATCH', '/api/work_pools/below/queues/a', { priority: 0 })).status, 422);
  });

  it("a pool's default queue cannot be deleted, and a taken name cannot be used", async (server) => {
    const { send } = server;
    await send('POST', '/api/work_pools/', { name: 'kept' });
    assert.deepEqual(await send('DELETE', '/api/work_pools/kept/queues/default'), {
      status: 409,
      body: { detail: "Can't delete a pool's default queue." },
    });
    assert.deepEqual(await send('POST', '/api/work_pools/kept/queues', { name: 'default' }), {
      status: 409,
      body: {
        detail: 'A work queue with this name already exists in work pool {work_pool_name!r}.',
      },
    });
    assert.equal((await send('DELETE', '/api/work_pools/kept')).status, 204);
    assert.equal((await send('GET', '/api/work_pools/kept/queues/default')).status, 404);
  });

  it('a worker exists from its first heartbeat, and the most recent heartbeat comes first', async (server) => {
    const { send } = server;
    await send('POST', '/api/work_pools/', { name: 'alive' });
    for (const name of ['first', 'second', 'first']) {
      const beat = await send('POST', '/api/work_pools/alive/workers/heartbeat', { name });
      assert.equal(beat.status, 204);
    }
    const { body } = await send('POST', '/api/work_pools/alive/workers/filter', {});
    assert.deepEqual(
      body.map((worker: { name: string }) => worker.name),
      ['first', 'second'],
    );
    assert.ok(body[0].last_heartbeat_time > body[0].updated);
    const late = { workers: { last_heartbeat_time: { after_: '9000-01-01T00:00:00Z' } } };
    assert.deepEqual((await send('POST', '/api/work_pools/alive/workers/filter', late)).body, []);
  });
});
