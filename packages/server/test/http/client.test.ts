import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { operations } from '@mintaka/contract';
import { ApiError, type ClientOptions, createClient, type FetchRequest } from '@mintaka/contract/client';
import { type TestApp, testApp } from '@mintaka/testing/app';

const nobody = '00000000-0000-4000-8000-000000000000';

/** The error of a call, which must be the client's own. */
async function refusal(call: Promise<unknown>): Promise<ApiError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof ApiError, String(error));
  return error;
}

describe('the client against a server', () => {
  let server: TestApp;
  let options: ClientOptions;
  before(async () => {
    server = await testApp();
    options = { fetch, baseUrl: `${await server.app.listen({ host: '127.0.0.1', port: 0 })}/api/` };
  });
  after(() => server.close());

  test('a refusal is an error that names the operation, the status, the reason and the request', async () => {
    const headers = { 'x-request-id': 'asked-1' };
    const { flows } = createClient(operations, { ...options, headers });
    const error = await refusal(flows.read({ params: { id: nobody } }));

    assert.deepEqual([error.operation, error.status, error.detail], ['flows.read', 404, 'Flow not found']);
    assert.deepEqual([error.requestId, error.problems], ['asked-1', []]);
    assert.equal(error.message, 'flows.read was answered with 404: Flow not found (request asked-1)');
  });

  test('an invalid request is an error that names each field and its rule', async () => {
    const { flowRuns } = createClient(operations, options);
    const body = { flow_id: 'none', state: { type: 'PENDING', name: 'x'.repeat(3) } } as const;
    const error = await refusal(flowRuns.create({ body }));

    assert.equal(error.status, 422);
    assert.deepEqual(error.problems, [
      { loc: ['body', 'flow_id'], msg: 'value is not a valid uuid', type: 'type_error.uuid' },
    ]);
    assert.match(
      error.message,
      /^flowRuns\.create was answered with 422: .*body\.flow_id: value is not a valid uuid/,
    );
  });

  test('a declared unsuccessful answer is returned with its status, and is an error otherwise', async () => {
    const { admin } = createClient(operations, options);

    assert.deepEqual((await admin.clearDatabase.withStatus()).status, 400);
    assert.equal((await refusal(admin.clearDatabase())).status, 400);
  });

  test("the answer has the server's id of the request", async () => {
    const { root } = createClient(operations, options);
    const [one, other] = await Promise.all([root.health.withStatus(), root.health.withStatus()]);

    assert.match(one.requestId ?? '', /^[0-9a-f-]{36}$/);
    assert.notEqual(one.requestId, other.requestId);
  });

  test('headers of a call take precedence over those of the client, and undefined ones are not sent', async () => {
    const sent: FetchRequest[] = [];
    const { flowRuns } = createClient(operations, {
      ...options,
      fetch: (url, request) => {
        sent.push(request);
        return fetch(url, request);
      },
      headers: { 'x-prefect-api-version': '0.8.4', 'x-own': 'all', 'x-absent': undefined },
    });
    await flowRuns.count();
    await flowRuns.count({ body: {}, headers: { 'x-own': 'one' } });

    assert.deepEqual(
      sent.map(({ headers, body }) => ({ headers, body })),
      [
        { headers: { 'x-prefect-api-version': '0.8.4', 'x-own': 'all' }, body: undefined },
        {
          headers: {
            'content-type': 'application/json',
            'x-prefect-api-version': '0.8.4',
            'x-own': 'one',
          },
          body: '{}',
        },
      ],
    );
  });

  test('a name that cannot be a segment of a URL is refused before anything is sent', async () => {
    const { flows } = createClient(operations, {
      ...options,
      fetch: () => assert.fail('a request was sent'),
    });
    for (const name of ['', '.', '..']) {
      await assert.rejects(flows.readByName({ params: { name } }), {
        name: 'RangeError',
        message: `flows.readByName: the path parameter "name" must not be "${name}"`,
      });
    }
  });

  test('an aborted call rejects with the reason', async () => {
    const { root } = createClient(operations, options);
    const reason = new Error('given up');

    await assert.rejects(root.health({ signal: AbortSignal.abort(reason) }), reason);
  });
});

test('an answer that is not from the API is reported: a page, or the failure of a proxy', async () => {
  const page = `<!doctype html><title>${'x'.repeat(1000)}</title>`;
  const server = createServer((request, response) => {
    response.statusCode = request.url === '/health' ? 200 : 502;
    response.end(page);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const { root } = createClient(operations, { fetch, baseUrl: `http://127.0.0.1:${port}` });

  const wrongPlace = await refusal(root.health());
  assert.deepEqual([wrongPlace.status, wrongPlace.body], [200, page]);
  assert.match(wrongPlace.detail, /^the answer is not JSON; is the base URL that of the API\?$/);
  const proxy = await refusal(root.version());
  assert.deepEqual([proxy.status, proxy.detail, proxy.requestId], [502, page.slice(0, 200), null]);
  await new Promise((closed) => server.close(closed));
});
