import assert from 'node:assert/strict';
import { type DialectApp, inEachApp } from '@mintaka/testing/dialect-apps';

const absent = '00000000-0000-4000-8000-000000000000';

inEachApp('work queues without a pool', (it) => {
  async function forgetDefaultPool({ context }: DialectApp): Promise<void> {
    await context.database.transaction(async (session) => {
      await session.run(session.sql.updateTable('work_pool').set({ default_queue_id: null }));
      await session.run(session.sql.deleteFrom('work_pool'));
    });
  }

  it('a queue is added to the default pool behind the others, and its requested priority is ignored', async (server) => {
    const { send } = server;
    const pool = await send('GET', '/api/work_pools/default-agent-pool');
    const body = { name: 'made', priority: 1, filter: { tags: ['a'] } };
    const made = await send('POST', '/api/work_queues/', body);
    assert.equal(made.status, 201);
    assert.equal(made.body.work_pool_id, pool.body.id);
    assert.equal(made.body.priority, 2);
    assert.equal(made.body.description, '');
    assert.deepEqual(made.body.filter, { tags: ['a'], deployment_ids: null });
    assert.deepEqual(await send('GET', '/api/work_queues/name/made'), { status: 200, body: made.body });
    assert.deepEqual(await send('POST', '/api/work_queues/', { name: 'made' }), {
      status: 409,
      body: { detail: 'A work queue with this name already exists.' },
    });
  });

  it('missing objects are reported in the words of each operation', async (server) => {
    const { send } = server;
    const detail = { status: 404, body: { detail: 'work queue not found' } };
    assert.deepEqual(await send('GET', `/api/work_queues/${absent}`), detail);
    assert.deepEqual(await send('GET', '/api/work_queues/name/absent'), detail);
    assert.deepEqual(await send('DELETE', `/api/work_queues/${absent}`), detail);
    assert.deepEqual(await send('PATCH', `/api/work_queues/${absent}`, {}), {
      status: 404,
      body: { detail: 'Work Queue <built-in function id> not found' },
    });
    assert.deepEqual(await send('GET', `/api/work_queues/${absent}/status`), {
      status: 404,
      body: { exception_message: `Work queue with id ${absent} not found` },
    });
    assert.deepEqual(await send('POST', `/api/work_queues/${absent}/get_runs`, {}), {
      status: 404,
      body: { exception_message: `Work queue with id ${absent} not found.` },
    });
  });

  it('a changed priority does not affect the other queues here', async (server) => {
    const { send } = server;
    const { body } = await send('POST', '/api/work_queues/', { name: 'moved' });
    assert.equal((await send('PATCH', `/api/work_queues/${body.id}`, { priority: 1 })).status, 204);
    const first = await send('GET', '/api/work_queues/name/default');
    const moved = await send('GET', `/api/work_queues/${body.id}`);
    assert.deepEqual([first.body.priority, moved.body.priority], [1, 1]);
    for (const change of [{ priority: null }, { description: null }, { name: 'default' }]) {
      assert.equal((await send('PATCH', `/api/work_queues/${body.id}`, change)).status, 409);
    }
  });

  it('an invalid boolean in a header is refused, after the limit and the path', async (server) => {
    const answer = await server.send(
      'POST',
      '/api/work_queues/none/get_runs',
      { limit: 'many' },
      { 'x-prefect-ui': 'maybe' },
    );
    assert.equal(answer.status, 422);
    const places = answer.body.exception_detail.map(({ loc }: { loc: string[] }) => loc.join('.'));
    assert.deepEqual(places, ['body.limit', 'path.id', 'header.x-prefect-ui']);
  });

  it('the default pool is created again, with its queue, when a queue needs it', async (server) => {
    const { send } = server;
    await forgetDefaultPool(server);
    const made = await send('POST', '/api/work_queues/', { name: 'default' });
    assert.equal(made.status, 201);
    const pool = await send('GET', '/api/work_pools/default-agent-pool');
    assert.equal(pool.body.default_queue_id, made.body.id);

    await forgetDefaultPool(server);
    const other = await send('POST', '/api/work_queues/', { name: 'other' });
    assert.deepEqual([other.status, other.body.priority], [201, 2]);
  });

  it('the default queue is created again if it is missing', async (server) => {
    const { send } = server;
    await server.context.database.transaction(async (session) => {
      await session.run(session.sql.updateTable('work_pool').set({ default_queue_id: null }));
      await session.run(session.sql.deleteFrom('work_queue').where('name', '=', 'default'));
    });
    const made = await send('POST', '/api/work_queues/', { name: 'default' });
    assert.equal(made.status, 201);
    const pool = await send('GET', '/api/work_pools/default-agent-pool');
    assert.equal(pool.body.default_queue_id, made.body.id);
  });
});
