import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type TestApp, testApp } from '@mintaka/testing/app';

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
  '/api/health%3Fa=b',
  '/api/health;a=b',
  '/api//health',
  '/api/HEALTH',
  '/api/health/../flows/filter',
  '/api/ready/',
  '/api/ready%2F',
  '/metrics/',
  '/nowhere',
];
const probes = ['/api/health', '/api/ready'];

/** Every operation that the server describes, with something for each parameter. */
async function operations({ app }: TestApp): Promise<{ method: 'GET' | 'POST'; url: string }[]> {
  const { paths } = (await app.inject({ url: '/openapi.json', headers: bearer(key) })).json();
  return Object.entries<Record<string, unknown>>(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({
      // The type of injected requests lists only some methods; any string works.
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

  test('requires the key on every path except the probes', async () => {
    const described = await operations(server);
    assert.ok(described.length > 100, `only ${described.length} operations are described`);
    const asked = [
      ...described,
      ...[...sitePaths, ...strangePaths].map((url) => ({ method: 'GET' as const, url })),
    ];
    for (const { method, url } of asked.filter((one) => !probes.includes(one.url))) {
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
  });

  test('answers the probes of load balancers without the key, by GET and HEAD, with any query', async () => {
    for (const path of probes) {
      for (const url of [path, `${path}?x=1`, `${path}?`]) {
        const got = await server.app.inject({ url });
        assert.deepEqual([got.statusCode, got.body], [200, 'true'], url);
        const head = await server.app.inject({ method: 'HEAD', url });
        assert.deepEqual([head.statusCode, head.body], [200, ''], url);
      }
      assert.equal((await server.app.inject({ method: 'POST', url: path })).statusCode, 401);
    }
  });

  test('describes in OpenAPI that operations need the key, and probes do not', async () => {
    const document = (await server.app.inject({ url: '/openapi.json', headers: bearer(key) })).json();
    assert.deepEqual(document.security, [{ apiKey: [] }]);
    const { type, scheme } = document.components.securitySchemes.apiKey;
    assert.deepEqual([type, scheme], ['http', 'bearer']);
    for (const path of probes) assert.deepEqual(document.paths[path].get.security, []);
    assert.equal(document.paths['/api/flows/'].post.security, undefined);
  });

  test('answers requests with the key like a server without a key', async () => {
    for (const { method, url } of await operations(server)) {
      if (url.startsWith('/api/admin/database')) continue;
      const { statusCode } = await server.app.inject({ method, url, headers: bearer(key) });
      assert.notEqual(statusCode, 401, `${method} ${url}`);
    }
  });

  test('refuses pages of other origins', async () => {
    const headers = { ...bearer(key), origin: 'http://elsewhere.test' };
    const answer = await server.app.inject({ url: '/api/version', headers });
    assert.equal(answer.headers['access-control-allow-origin'], undefined);
  });

  test('cannot be reset over the API', async () => {
    const answer = await server.app.inject({
      method: 'POST',
      url: '/api/admin/database/clear',
      headers: { ...bearer(key), 'content-type': 'application/json' },
      payload: '{"confirm": true}',
    });
    assert.equal(answer.statusCode, 403);
  });
});

test('a server that other machines can reach resets its database only if the operator allows it', async () => {
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
