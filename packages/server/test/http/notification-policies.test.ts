import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DialectApp, dialectApp, dialects } from '@mintaka/testing/dialect-apps';
import { makeBlock, makePolicy, runThrough } from '@mintaka/testing/notifying';

const path = '/api/flow_run_notification_policies/';
const nowhere = '00000000-0000-4000-8000-000000000001';

for (const dialect of dialects) {
  const withApp = (name: string, body: (app: DialectApp) => Promise<void>) =>
    test(`${dialect}: ${name}`, async (context) => {
      const app = await dialectApp(dialect);
      if (app === undefined) return context.skip('no Postgres here');
      await body(app).finally(() => app.close());
    });

  withApp('a policy is created, changed field by field, listed, and deleted', async (app) => {
    const { send } = app;
    const block_document_id = await makeBlock(app, 'webhook', { url: 'http://127.0.0.1:9' });
    const wanted = { state_names: ['Failed'], tags: ['a'], block_document_id };
    const made = await send('POST', path, wanted);
    assert.equal(made.status, 201);
    const { id, created, updated, ...rest } = made.body;
    assert.deepEqual(rest, { ...wanted, is_active: true, message_template: null });
    assert.equal(created, updated);

    const change = { is_active: false, tags: [], message_template: '{flow_name}' };
    assert.deepEqual(await send('PATCH', `${path}${id}`, change), { status: 204, body: undefined });
    const changed = (await send('GET', `${path}${id}`)).body;
    assert.deepEqual({ ...changed, updated }, { ...made.body, ...change });
    assert.ok(changed.updated > updated);
    assert.equal((await send('PATCH', `${path}${id}`, {})).status, 204);

    const other = await makePolicy(app, block_document_id);
    const list = async (body?: unknown) =>
      (await send('POST', `${path}filter`, body)).body.map((policy: { id: string }) => policy.id);
    assert.deepEqual(await list(), [id, other].toSorted());
    assert.deepEqual(await list({ limit: 1, offset: 1 }), [id, other].toSorted().slice(1));
    const ofActive = (eq_: boolean) => ({ flow_run_notification_policy_filter: { is_active: { eq_ } } });
    assert.deepEqual(await list(ofActive(true)), [other]);
    assert.deepEqual(await list(ofActive(false)), [id]);

    assert.equal((await send('DELETE', `${path}${id}`)).status, 204);
    assert.equal((await send('GET', `${path}${id}`)).status, 404);
  });

  withApp(
    'a missing policy is 404 in the words of the reference, even before a null is refused',
    async (app) => {
      const detail = 'flow run notification policy not found';
      const unknown = 'Flow run notification policy <built-in function id> not found';
      assert.deepEqual(await app.send('GET', path + nowhere), { status: 404, body: { detail } });
      assert.deepEqual(await app.send('DELETE', path + nowhere), { status: 404, body: { detail } });
      for (const change of [{}, { tags: null }]) {
        const answer = await app.send('PATCH', path + nowhere, change);
        assert.deepEqual(answer, { status: 404, body: { detail: unknown } });
      }
    },
  );

  withApp('a violated constraint is 409: an unknown block, null in a required field', async (app) => {
    const block = await makeBlock(app, 'webhook', { url: 'http://127.0.0.1:9' });
    const policy = { state_names: [], tags: [], block_document_id: nowhere };
    assert.equal((await app.send('POST', path, policy)).status, 409);
    const id = await makePolicy(app, block);
    for (const change of [
      { is_active: null },
      { tags: null },
      { state_names: null },
      { block_document_id: nowhere },
    ]) {
      assert.equal((await app.send('PATCH', path + id, change)).status, 409, JSON.stringify(change));
    }
    assert.equal((await app.send('PATCH', path + id, { message_template: null })).status, 204);
  });

  withApp('policies are deleted with their block', async (app) => {
    const block = await makeBlock(app, 'webhook', { url: 'http://127.0.0.1:9' });
    const id = await makePolicy(app, block);
    await app.send('DELETE', `/api/block_documents/${block}`);
    assert.equal((await app.send('GET', path + id)).status, 404);
  });

  withApp('an active policy whose names and tags match queues one message for each state', async (app) => {
    const block = await makeBlock(app, 'webhook', { url: 'http://127.0.0.1:9' });
    const policies = new Map<string, string>();
    for (const [label, rest] of Object.entries({
      all: {},
      asleep: { is_active: false },
      failed: { state_names: ['Failed'] },
      'failed or late': { state_names: ['Failed', 'Late'] },
      'small letters': { state_names: ['failed'] },
      'tag a': { tags: ['a'] },
      'tag a or b': { tags: ['a', 'b'] },
      'failed, tag b': { state_names: ['Failed'], tags: ['b'] },
    })) {
      policies.set(await makePolicy(app, block, rest), label);
    }
    const queuedBy = async (work: () => Promise<unknown>) => {
      await work();
      return app.context.database.transaction(async (session) => {
        const rows = await session.all(session.sql.selectFrom('flow_run_notification_queue').selectAll());
        await session.run(session.sql.deleteFrom('flow_run_notification_queue'));
        return rows.map((row) => policies.get(row.flow_run_notification_policy_id)).toSorted();
      });
    };
    const late = { type: 'SCHEDULED', name: 'Late' };
    const failed = { type: 'FAILED', name: 'Failed' };
    const cases = [
      [[], [failed], ['all', 'failed', 'failed or late']],
      [['a'], [failed], ['all', 'failed', 'failed or late', 'tag a', 'tag a or b']],
      [['b', 'c'], [late], ['all', 'failed or late', 'tag a or b']],
      [['b'], [failed], ['all', 'failed', 'failed or late', 'failed, tag b', 'tag a or b']],
      [['A'], [{ type: 'RUNNING', name: 'failed' }], ['all', 'small letters']],
      [[], [late, failed], ['all', 'all', 'failed', 'failed or late', 'failed or late']],
    ] as const;
    for (const [tags, states, expected] of cases) {
      const queued = await queuedBy(() => runThrough(app, { tags: [...tags], states: [...states] }));
      assert.deepEqual(queued, expected, JSON.stringify([tags, states]));
    }
  });
}

test("a template with an unknown field is 422 with Python's message", async () => {
  const app = await dialectApp('sqlite');
  const block_document_id = nowhere;
  for (const [message_template, msg, type] of [
    ['{nope}', "Invalid template variable provided: 'nope'", 'value_error'],
    ['{', "Single '{' encountered in format string", 'value_error'],
    ['}', "Single '}' encountered in format string", 'value_error'],
    ['{flow_run_parameters[a]}', "string indices must be integers, not 'str'", 'type_error'],
    ['{flow_name[]}', 'Empty attribute in format string', 'value_error'],
    ['{flow_name:%Y}', "Invalid format specifier '%Y' for object of type 'str'", 'value_error'],
    ['{flow_name:d}', "Unknown format code 'd' for object of type 'str'", 'value_error'],
    ['{flow_name:+}', 'Sign not allowed in string format specifier', 'value_error'],
    ['{flow_name:=9}', "'=' alignment not allowed in string format specifier", 'value_error'],
    ['{flow_name!x}', 'Unknown conversion specifier x', 'value_error'],
    ['{flow_name!rr}', "expected ':' after conversion specifier", 'value_error'],
    ['{flow_name:{nope}}', "Invalid template variable provided: 'nope'", 'value_error'],
    ['{flow_name:{nope}{flow_name:.x}}', "Invalid template variable provided: 'nope'", 'value_error'],
    ['{flow_name:{flow_name:.x}{nope}}', 'Format specifier missing precision', 'value_error'],
    [
      '{flow_name:{flow_name}{flow_name}}',
      "Invalid format specifier 'testtest' for object of type 'str'",
      'value_error',
    ],
    ['{flow_name!r:{flow_name}}', "Invalid format specifier 'test' for object of type 'str'", 'value_error'],
    ['{flow_name:{flow_name:{flow_name}}}', 'Max string recursion exceeded', 'value_error'],
  ] as const) {
    const answer = await app?.send('POST', path, {
      state_names: [],
      tags: [],
      block_document_id,
      message_template,
    });
    assert.equal(answer?.status, 422, message_template);
    assert.deepEqual(answer?.body.exception_detail, [{ loc: ['body', 'message_template'], msg, type }]);
  }
  for (const message_template of [
    '{flow_name!r:>10}',
    '{{}}',
    '{flow_name:é<5.2s}',
    '{flow_name:{flow_id}>3}',
    '',
  ]) {
    const answer = await app?.send('POST', path, {
      state_names: [],
      tags: [],
      block_document_id,
      message_template,
    });
    // The block is not there, which is found out after the template was good.
    assert.equal(answer?.status, message_template.includes('{flow_id}') ? 422 : 409, message_template);
  }
  await app?.close();
});

test('a template whose message would be too long is 422, and names what is too large', async () => {
  const app = await dialectApp('sqlite');
  const save = async (message_template: string) => {
    const policy = { state_names: [], tags: [], block_document_id: nowhere, message_template };
    const made = await app?.send('POST', path, policy);
    const changed = await app?.send('PATCH', `${path}${nowhere}`, { message_template });
    assert.deepEqual(changed?.body.exception_detail, made?.body.exception_detail);
    return [made?.status, made?.body.exception_detail?.[0].msg];
  };
  const long = 'the message has more than 100000 characters';
  assert.deepEqual(await save('{flow_name:>500000000}'), [422, 'the width 500000000 must be at most 100000']);
  assert.deepEqual(await save('{flow_name!r:100001}'), [422, 'the width 100001 must be at most 100000']);
  assert.deepEqual(await save('{flow_name:.100001}'), [422, 'the precision 100001 must be at most 100000']);
  assert.deepEqual(await save('{flow_name:60000}{flow_id!s:40001}'), [422, long]);
  assert.deepEqual(await save(`{flow_name:>99990}${'x'.repeat(11)}`), [422, long]);
  assert.deepEqual(await save('x'.repeat(100_001)), [422, long]);
  // The block is not there, which is found out after the template was good.
  assert.deepEqual(await save(`{flow_name:>99990}${'x'.repeat(10)}`), [409, undefined]);
  assert.deepEqual(await save('x'.repeat(100_000)), [409, undefined]);
  await app?.close();
});
