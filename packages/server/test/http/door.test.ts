import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type TestApp, testApp } from '../support/app.ts';

const key = 'a-key-for-tests';
const sitePaths = [
  '/',
  '/docs',
  '/api/docs',
  '/docs/reference.js',
  '/openapi.json',
  '/api/openapi.json',
  '/ui-settings',
  '/metrics',
];
const strangePaths = [
  '/api/health/',
  '/api/health?a=b',
  '/api//health',
  '/api/HEALTH',
  '/metrics/',
  '/api/ready',
  '/nowhere',
];

/** Every operation that the server describes, with something for each parameter. */
async function operations({ app }: TestApp): Promise<{ method: 'GET' | 'POST'; url: string }[]> {
  const { paths } = (await app.inject({ url: '/openapi.json', headers: bearer(key) })).json();
  return Object.entries<Record<string, unknown>>(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({
      // The type of injected requests names only some methods; every one of them is a text in the end.
      method: method.toUpperCase() as 'GET' | 'POST',
      url: path.replaceAll(/\{[^}]+\}/g, 'x'),
    })),
  );
}

function bearer(shown: string): Record<string, string> {
  return { authorization: `Bearer ${shown}` };
}

describe('a server with an API key', () => {
  let server: TestApp;
  before(async () => {
    server = await testApp({ MINTAKA_API_KEY: key });
  });
  after(() => server.close());

  test('lets nothing through without the key but the health check', async () => {
    const described = await operations(server);
    assert.ok(described.length > 100, `only ${described.length} operations are described`);
    const asked = [
      ...described,
      ...[...sitePaths, ...strangePaths].map((url) => ({ method: 'GET' as const, url })),
    ];
    for (const { method, url } of asked.filter((one) => one.url !== '/api/health')) {
      for (const headers of [
        {},
        bearer(''),
        bearer(`${key}x`),
        bearer(key.slice(1)),
        { authorization: key },
      ]) {
        const { statusCode } = await server.app.inject({ method, url, headers });
        assert.equal(statusCode, 401, `${method} ${url} with ${JSON.stringify(headers)}`);
      }
    }
    assert.equal((await server.app.inject({ url: '/api/health' })).statusCode, 200);
    assert.equal((await server.app.inject({ method: 'POST', url: '/api/health' })).statusCode, 401);
  });

  test('answers who shows the key, as if there were none', async () => {
    for (const { method, url } of await operations(server)) {
      if (url.startsWith('/api/admin/database')) continue;
      const { statusCode } = await server.app.inject({ method, url, headers: bearer(key) });
      assert.notEqual(statusCode, 401, `${method} ${url}`);
    }
  });

  test('is closed to pages of other origins', async () => {
    const headers = { ...bearer(key), origin: 'http://elsewhere.test' };
    const answer = await server.app.inject({ url: '/api/version', headers });
    assert.equal(answer.headers['access-control-allow-origin'], undefined);
  });

  test('resets no database over the API', async () => {
    const answer = await server.app.inject({
      method: 'POST',
      url: '/api/admin/database/clear',
      headers: { ...bearer(key), 'content-type': 'application/json' },
      payload: '{"confirm": true}',
    });
    assert.equal(answer.statusCode, 403);
  });
});

test('a server without a key is open, also to pages of other origins', async () => {
  const server = await testApp();
  const answer = await server.app.inject({
    url: '/api/version',
    headers: { origin: 'http://elsewhere.test' },
  });
  assert.equal(answer.statusCode, 200);
  assert.equal(answer.headers['access-control-allow-origin'], '*');
  await server.close();
});

test('a server that others reach resets its database only where the operator allows it', async () => {
  const clear = async (settings: Record<string, string>) => {
    const server = await testApp({ MINTAKA_API_HOST: '0.0.0.0', ...settings });
    const answer = await server.app.inject({
      method: 'POST',
      url: '/api/admin/database/clear',
      headers: { 'content-type': 'application/json' },
      payload: '{"confirm": true}',
    });
    await server.close();
    return answer.statusCode;
  };
  assert.equal(await clear({}), 403);
  assert.equal(await clear({ MINTAKA_ADMIN_DATABASE_ROUTES: 'true' }), 204);
});
