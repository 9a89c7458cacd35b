import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { type TestApp, testApp } from '@mintaka/testing/app';
import { testPostgres } from '@mintaka/testing/postgres';

/** Any body that `InjectOptions` accepts. */
type Body = Record<string, unknown> | unknown[] | string;

async function post(server: TestApp, url: string, body?: Body) {
  return server.app.inject({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
}

async function clearsDropsAndCreates(server: TestApp): Promise<void> {
  await post(server, '/api/flows/', { name: 'kept until cleared' });
  const count = async () => (await post(server, '/api/flows/count', {})).json();
  assert.equal(await count(), 1);
  assert.equal((await post(server, '/api/admin/database/create', { confirm: true })).statusCode, 204);
  assert.equal(await count(), 1, 'creating existing tables changes nothing');
  assert.equal((await post(server, '/api/admin/database/clear', { confirm: true })).statusCode, 204);
  assert.equal(await count(), 0);
  assert.equal((await post(server, '/api/admin/database/drop', { confirm: true })).statusCode, 204);
  assert.equal((await post(server, '/api/flows/count', {})).statusCode, 500);
  assert.equal((await post(server, '/api/admin/database/create', { confirm: true })).statusCode, 204);
  assert.equal((await post(server, '/api/flows/', { name: 'after' })).statusCode, 201);
  assert.equal(await count(), 1);
}

let server: TestApp;
beforeEach(async () => {
  server = await testApp();
});
afterEach(() => server.close());

for (const change of ['clear', 'drop', 'create']) {
  const url = `/api/admin/database/${change}`;

  test(`${change} does nothing and answers 400 without a body unless it is confirmed`, async () => {
    for (const body of [undefined, {}, { confirm: false }, { confirm: 'no', more: 1 }, 'null']) {
      const answer = await post(server, url, body);
      assert.equal(answer.statusCode, 400, JSON.stringify(body));
      assert.equal(answer.body, '');
    }
  });

  test(`${change} refuses an invalid body with the reference's messages`, async () => {
    const odd = (await post(server, url, { confirm: 'x' })).json();
    assert.deepEqual(odd.exception_detail, [
      { loc: ['body', 'confirm'], msg: 'value could not be parsed to a boolean', type: 'type_error.bool' },
    ]);
    const list = await post(server, url, []);
    assert.deepEqual(list.json().exception_detail, [
      { loc: ['body', 'confirm'], msg: 'field required', type: 'value_error.missing' },
    ]);
    assert.deepEqual(list.json().request_body, []);
  });
}

test('an SQLite database is cleared, dropped and created again while the server runs', () =>
  clearsDropsAndCreates(server));

test('a Postgres database is cleared, dropped and created again while the server runs', async (t) => {
  const database = await testPostgres();
  if (database === undefined) return t.skip('there is no Postgres here');
  const onPostgres = await testApp({ MINTAKA_DATABASE_CONNECTION_URL: database.url });
  await clearsDropsAndCreates(onPostgres);
  await onPostgres.close();
  await database.drop();
});

test('statements that were prepared before a Postgres database was recreated do not fail afterwards', async (t) => {
  const database = await testPostgres();
  if (database === undefined) return t.skip('there is no Postgres here');
  const onPostgres = await testApp({ MINTAKA_DATABASE_CONNECTION_URL: database.url });
  const changeState = async () => {
    const flow = (await post(onPostgres, '/api/flows/', { name: 'made again' })).json();
    const body = { flow_id: flow.id, state: { type: 'PENDING' } };
    return (await post(onPostgres, '/api/flow_runs/', body)).statusCode;
  };
  for (let round = 0; round < 3; round += 1) {
    const together = Array.from({ length: 8 }, changeState);
    assert.deepEqual(await Promise.all(together), Array(8).fill(201));
    for (const change of ['drop', 'create']) {
      const answer = await post(onPostgres, `/api/admin/database/${change}`, { confirm: true });
      assert.equal(answer.statusCode, 204);
    }
  }
  await onPostgres.close();
  await database.drop();
});

test("all settings are shown, with the reference's names", async () => {
  const settings = (await server.app.inject('/api/admin/settings')).json();
  assert.equal(settings.PREFECT_ORION_API_DEFAULT_LIMIT, 200);
  assert.equal(settings.PREFECT_ORION_DATABASE_CONNECTION_URL, '********');
});
