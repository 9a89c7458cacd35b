import assert from 'node:assert/strict';
import { hourly, onEachDialect } from './deployments.ts';

const nowhere = '00000000-0000-0000-0000-000000000000';
const conflict =
  'Data integrity conflict. This usually means a unique or foreign key constraint was violated. See server logs for details.';

onEachDialect('saving deployments', (it) => {
  it('a new deployment has the defaults of all omitted fields', async ({ save, flowId }) => {
    const { status, body } = await save({ name: 'plain' });
    assert.equal(status, 201);
    const { id: _id, created: _created, updated: _updated, ...rest } = body;
    assert.deepEqual(rest, {
      name: 'plain',
      version: null,
      description: null,
      flow_id: flowId,
      schedule: null,
      is_schedule_active: true,
      infra_overrides: {},
      parameters: {},
      tags: [],
      work_queue_name: null,
      parameter_openapi_schema: null,
      path: null,
      entrypoint: null,
      manifest_path: null,
      storage_document_id: null,
      infrastructure_document_id: null,
      created_by: null,
      updated_by: null,
      work_pool_name: null,
    });
  });

  it('saving under the same name replaces every column, except an omitted queue', async ({ save }) => {
    const first = await save({
      name: 'twice',
      description: 'text',
      version: '1',
      parameters: { a: 1 },
      tags: ['t'],
      schedule: hourly,
      is_schedule_active: false,
      infra_overrides: { a: 'b' },
      work_queue_name: 'kept',
    });
    const second = await save({ name: 'twice' });
    assert.deepEqual([first.status, second.status], [201, 200]);
    assert.equal(second.body.id, first.body.id);
    assert.equal(second.body.created, first.body.created);
    const { description, version, parameters, tags, schedule, is_schedule_active, infra_overrides } =
      second.body;
    assert.deepEqual(
      { description, version, parameters, tags, schedule, is_schedule_active, infra_overrides },
      {
        description: null,
        version: null,
        parameters: {},
        tags: [],
        schedule: null,
        is_schedule_active: true,
        infra_overrides: {},
      },
    );
    assert.deepEqual(
      [second.body.work_queue_name, second.body.work_pool_name],
      ['kept', 'default-agent-pool'],
    );
  });

  it('an interval is stored as a fraction with the time of the request as its anchor', async ({
    save,
    context,
  }) => {
    const { body } = await save({ name: 'stored', schedule: { interval: 60 } });
    const row = await context.database.read((session) =>
      session.first(session.sql.selectFrom('deployment').select('schedule').where('id', '=', body.id)),
    );
    assert.match(JSON.stringify(row?.schedule), /"interval":60\.0\b/);
    assert.match(body.schedule.anchor_date, /^20\d\d-.*\+00:00$/);
    assert.equal(body.schedule.interval, 60);
  });

  it('referenced objects must exist, and required fields must not be null', async ({ save }) => {
    const notFound = (kind: string) =>
      `Error creating deployment. Could not find ${kind} block with id: ${nowhere}. This usually occurs when applying a deployment specification that was built against a different Prefect database / workspace.`;
    const refusals = [
      [{ flow_id: nowhere }, 409, conflict],
      [{ infrastructure_document_id: nowhere }, 409, notFound('infrastructure')],
      [{ storage_document_id: nowhere }, 409, notFound('storage')],
      [{ work_pool_name: 'nowhere' }, 404, 'Work pool "nowhere" not found.'],
      [{ infra_overrides: null }, 409, conflict],
      [{ is_schedule_active: null }, 409, conflict],
      [{ work_queue_name: 'a/b' }, 422, '"a/b" cannot be the name of a work queue.'],
    ] as const;
    for (const [part, status, detail] of refusals) {
      assert.deepEqual(await save({ name: 'refused', ...part }), { status, body: { detail } });
    }
  });

  it('a queue is created on demand, first in the default pool and last in another one', async ({
    save,
    send,
  }) => {
    await save({ name: 'queued', work_queue_name: 'fresh' });
    assert.equal((await send('GET', '/api/work_queues/name/fresh')).body.priority, 1);

    await send('POST', '/api/work_pools/', { name: 'pool' });
    const { body } = await save({ name: 'pooled', work_pool_name: 'pool', work_queue_name: 'mine' });
    assert.deepEqual([body.work_pool_name, body.work_queue_name], ['pool', 'mine']);
    assert.equal((await send('GET', '/api/work_pools/pool/queues/mine')).body.priority, 2);
    assert.equal(
      (await send('GET', '/api/work_queues/name/mine')).status,
      404,
      'the default pool does not have it',
    );

    const inDefault = await save({ name: 'pooled', work_pool_name: 'pool' });
    assert.equal(inDefault.body.work_queue_name, 'default');
  });

  it('a change that names only a queue refers to the own pool, as the real client sends it', async ({
    save,
    send,
  }) => {
    await send('POST', '/api/work_pools/', { name: 'own' });
    const { body } = await save({ name: 'moved', work_pool_name: 'own', work_queue_name: 'first' });
    const path = `/api/deployments/${body.id}`;
    const place = async () => {
      const { work_pool_name, work_queue_name } = (await send('GET', path)).body;
      return [work_pool_name, work_queue_name];
    };
    await send('PATCH', path, { work_queue_name: 'second' });
    assert.deepEqual(await place(), ['own', 'second']);
    // The request of `prefect deployment set-schedule`: every field, with a null pool.
    await send('PATCH', path, { work_queue_name: 'second', work_pool_name: null, is_schedule_active: false });
    assert.deepEqual(await place(), ['own', 'second']);
    for (const name of ['first', 'second']) {
      assert.equal((await send('GET', `/api/work_pools/own/queues/${name}`)).status, 200);
      assert.equal((await send('GET', `/api/work_queues/name/${name}`)).status, 404);
    }
    await send('PATCH', path, { work_pool_name: 'default-agent-pool', work_queue_name: 'third' });
    assert.deepEqual(await place(), ['default-agent-pool', 'third']);
  });

  it('a queue without a pool belongs to the default pool, for a deployment without a pool', async ({
    save,
    send,
  }) => {
    const { body } = await save({ name: 'legacy' });
    assert.deepEqual([body.work_pool_name, body.work_queue_name], [null, null]);
    await send('PATCH', `/api/deployments/${body.id}`, { work_queue_name: 'legacy 1' });
    const changed = (await send('GET', `/api/deployments/${body.id}`)).body;
    assert.deepEqual([changed.work_pool_name, changed.work_queue_name], ['default-agent-pool', 'legacy 1']);
    await send('PATCH', `/api/deployments/${body.id}`, { work_queue_name: 'legacy 2' });
    assert.equal((await send('GET', '/api/work_queues/name/legacy%202')).body.priority, 1);
    await send('POST', '/api/work_pools/', { name: 'left' });
    await save({ name: 'legacy', work_pool_name: 'left', work_queue_name: 'x' });
    const back = (await save({ name: 'legacy', work_queue_name: 'legacy 3' })).body;
    assert.equal(back.work_pool_name, 'default-agent-pool', 'saving again replaces every field');
  });

  it('overrides are checked against the variables of the pool', async ({ save, send }) => {
    const variables = {
      properties: { a: { type: 'string' }, n: { type: 'integer', minimum: 3 } },
      required: ['a'],
    };
    const base_job_template = { job_configuration: { command: '{{ a }}' }, variables };
    await send('POST', '/api/work_pools/', { name: 'strict', base_job_template });
    const say = async (infra_overrides: object | null) => {
      const { status, body } = await save({ name: 'checked', work_pool_name: 'strict', infra_overrides });
      return [status, body.detail];
    };
    const refused = (problem: string) => [409, `Error creating deployment: <ValidationError: ${problem}>`];
    assert.deepEqual(await say({}), refused(`"'a' is a required property"`));
    assert.deepEqual(await say({ a: 1, n: 2 }), refused(`"1 is not of type 'string'"`));
    assert.deepEqual(await say({ a: "it's", n: 2 }), refused(`'2 is less than the minimum of 3'`));
    assert.deepEqual(await say(null), refused(`"None is not of type 'object'"`));
    assert.deepEqual(await say({ a: 'x', n: 3, other: true }), [201, undefined]);
  });

  it('a change updates the given fields, and drops the runs of the schedule', async ({
    save,
    send,
    runsOf,
  }) => {
    const { body } = await save({ name: 'changed', schedule: hourly, tags: ['kept'] });
    await send('POST', `/api/deployments/${body.id}/schedule`, {});
    await send('POST', `/api/deployments/${body.id}/create_flow_run`, { state: { type: 'SCHEDULED' } });
    assert.equal((await runsOf(body.id)).length, 4);
    const answer = await send('PATCH', `/api/deployments/${body.id}`, { description: 'new', schedule: null });
    assert.deepEqual(answer, { status: 204, body: undefined });
    const changed = (await send('GET', `/api/deployments/${body.id}`)).body;
    assert.deepEqual([changed.description, changed.schedule, changed.tags], ['new', null, ['kept']]);
    assert.deepEqual(
      (await runsOf(body.id)).map((run) => run.auto_scheduled),
      [false],
    );
  });

  it('a change of a missing deployment is 404, one that violates a constraint is 409', async ({
    save,
    send,
  }) => {
    const missing = { status: 404, body: { detail: 'Deployment not found.' } };
    assert.deepEqual(await send('PATCH', `/api/deployments/${nowhere}`, {}), missing);
    const { body } = await save({ name: 'kept' });
    const answer = await send('PATCH', `/api/deployments/${body.id}`, { infra_overrides: null });
    assert.deepEqual(answer, { status: 409, body: { detail: conflict } });
  });

  it('a deployment is read by id and by names; a slash in a name finds nothing', async ({ save, send }) => {
    const { body } = await save({ name: 'named' });
    assert.deepEqual((await send('GET', `/api/deployments/${body.id}`)).body, body);
    assert.deepEqual((await send('GET', '/api/deployments/name/flow/named')).body, body);
    const missing = { status: 404, body: { detail: 'Deployment not found' } };
    assert.deepEqual(await send('GET', '/api/deployments/name/flow/none'), missing);
    assert.deepEqual(await send('GET', `/api/deployments/${nowhere}`), missing);
    const noPath = { status: 404, body: { detail: 'Not Found' } };
    assert.deepEqual(await send('GET', '/api/deployments/name/flow/a%2Fb'), noPath);
  });

  it('lists and counts accept filters', async ({ save, send }) => {
    const { body } = await save({ name: 'listed', tags: ['listed'] });
    const filters = { deployments: { tags: { all_: ['listed'] } } };
    assert.deepEqual((await send('POST', '/api/deployments/filter', filters)).body, [body]);
    assert.deepEqual((await send('POST', '/api/deployments/count', filters)).body, 1);
    const all = await send('POST', '/api/deployments/filter', { limit: 2, sort: 'NAME_DESC' });
    assert.equal(all.body.length, 2);
  });
});
