import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { type TestApp, testApp } from '@mintaka/testing/app';
import { listen } from '@mintaka/testing/listening';

let server: TestApp;
beforeEach(async () => {
  server = await testApp();
});
afterEach(() => server.close());

const get = (url: string, headers: Record<string, string> = {}) => server.app.inject({ url, headers });

test('the server reports its health and its versions', async () => {
  const expected: [url: string, value: unknown][] = [
    ['/api/health', true],
    ['/api/version', '0.8.4'],
    ['/api/hello', '👋'],
    ['/api/admin/version', '2.8.0'],
  ];
  for (const [url, value] of expected) {
    const answer = await get(url);
    assert.equal(answer.statusCode, 200, url);
    assert.equal(answer.headers['content-type'], 'application/json');
    assert.deepEqual(answer.json(), value);
  }
});

test('the server is ready while its database has its tables', async () => {
  assert.deepEqual([(await get('/api/ready')).statusCode, (await get('/api/ready')).json()], [200, true]);
  const payload = '{"confirm": true}';
  const headers = { 'content-type': 'application/json' };
  await server.app.inject({ method: 'POST', url: '/api/admin/database/drop', headers, payload });
  assert.deepEqual([(await get('/api/ready')).statusCode, (await get('/api/ready')).json()], [503, false]);
  assert.equal((await get('/api/health')).json(), true);
});

test('a client of any version can request health and version, but other operations check its version', async () => {
  const old = { 'x-prefect-api-version': '0.1.0' };
  assert.equal((await get('/api/health', old)).statusCode, 200);
  assert.equal((await get('/api/version', old)).statusCode, 200);
  assert.equal((await get('/api/hello', old)).statusCode, 400);
  assert.equal((await get('/api/admin/version', old)).statusCode, 400);
});

test('the pages get the URL of the API and the enabled features', async () => {
  const { app, close } = await testApp({
    PREFECT_API_URL: 'http://api.example/api',
    PREFECT_EXPERIMENTAL_ENABLE_WORKERS: '1',
  });
  const answer = await app.inject('/ui-settings');
  assert.deepEqual(answer.json(), { api_url: 'http://api.example/api', flags: ['work_pools', 'workers'] });
  await close();
});

test('by default the pages use the address on which the server listens', async () => {
  for (const [host, shown] of [
    ['127.0.0.1', '127.0.0.1'],
    ['[::1]', '[::1]'],
  ]) {
    const { app, close } = await testApp({ MINTAKA_API_HOST: host, MINTAKA_BASE_PATH: '/tools' });
    const apiUrl = async () => (await app.inject('/ui-settings')).json().api_url;
    assert.equal(await apiUrl(), `http://${shown}:4200/tools/api`);
    const port = await listen(app);
    assert.equal(await apiUrl(), `http://${shown}:${port}/tools/api`);
    await close();
  }
});

test('without the pages the root is empty, and the API page remains', async () => {
  assert.equal((await get('/')).statusCode, 200);
  const { app, close } = await testApp({ PREFECT_ORION_UI_ENABLED: 'false' });
  assert.deepEqual((await app.inject('/')).json(), { detail: 'Not Found' });
  assert.equal((await app.inject('/ui-settings')).statusCode, 200);
  assert.equal((await app.inject('/docs')).statusCode, 200);
  await close();
});

test("the logo is served under its own name and the one of the reference's pages", async () => {
  for (const name of ['mintaka.png', 'prefect-logo-mark-gradient.png']) {
    const answer = await get(`/api/static/${name}`);
    assert.equal(answer.headers['content-type'], 'image/png');
    assert.equal(answer.rawPayload.subarray(1, 4).toString(), 'PNG');
  }
  assert.equal((await get('/api/static/none.png')).statusCode, 404);
});

test('the API page loads its script from this server and nothing from other hosts', async () => {
  for (const [url, expected] of [
    ['/docs', 'docs/reference.js'],
    ['/api/docs', '../docs/reference.js'],
  ]) {
    const page = await get(url ?? '');
    assert.equal(page.statusCode, 200);
    assert.match(String(page.headers['content-security-policy']), /^default-src 'self'/);
    const loaded = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1]);
    assert.deepEqual(loaded, [expected]);
    assert.match(
      page.body,
      /new URL\(path, document\.baseURI\).*urlOf\('openapi\.json'\).*urlOf\('(?:api\/)?mintaka\/openapi\.json'\)/s,
    );
  }
  const script = await get('/docs/reference.js');
  assert.match(String(script.headers['content-type']), /^text\/javascript/);
  assert.ok(script.body.length > 1_000_000);
});

test('the OpenAPI document has every operation, and all its references resolve', async () => {
  const whole = (await get('/openapi.json')).json();
  const below = (await get('/api/openapi.json')).json();
  assert.equal(whole.openapi, '3.1.0');
  assert.deepEqual(below.servers, [{ url: '/api' }]);
  assert.deepEqual(
    Object.keys(whole.paths),
    Object.keys(below.paths).map((path) => `/api${path}`),
  );
  const served = server.app.printRoutes({ commonPrefix: false });
  assert.match(served, /openapi\.json/);
  assert.ok(below.paths['/flows/{id}'].patch.requestBody);
  assert.ok(below.paths['/admin/database/clear'].post);
  const names = new Set(Object.keys(whole.components.schemas));
  const references = [...JSON.stringify(whole).matchAll(/"\$ref":"([^"]*)"/g)].map((match) => match[1] ?? '');
  assert.ok(references.length > 100);
  for (const reference of references) {
    assert.ok(names.has(reference.replace('#/components/schemas/', '')), reference);
  }
  for (const [name, schema] of Object.entries(whole.components.schemas)) {
    assert.notDeepEqual(schema, { $ref: `#/components/schemas/${name}` });
  }
});

test('an unknown path and another method are answered as by the reference', async () => {
  assert.deepEqual((await get('/api/nothing')).json(), { detail: 'Not Found' });
  const wrong = await server.app.inject({ method: 'POST', url: '/api/health' });
  assert.deepEqual([wrong.statusCode, wrong.json()], [405, { detail: 'Method Not Allowed' }]);
});

test('a missing or extra slash is redirected to a relative path, which is correct behind every proxy', async () => {
  const redirects: [url: string, location: string][] = [
    ['/api/health/?a=1?b=2', '../health?a=1?b=2'],
    ['/api/health//', '../../health'],
    ['/api/flows/filter/', '../filter'],
    ['/api/flows', './flows/'],
    ['/api/flows?a=/b/', './flows/?a=/b/'],
    ['/docs/', '../docs'],
    ['/api/flows/name/a%20:%25b/', '../a%20%3A%25b'],
  ];
  for (const [url, location] of redirects) {
    const method = /flows(?:\/filter\/|$|\?)/.test(url) ? 'POST' : 'GET';
    const answer = await server.app.inject({ method, url });
    assert.deepEqual([answer.statusCode, answer.headers.location], [307, location], url);
    const target = new URL(location, `http://h${url}`);
    const followed = await server.app.inject({ method, url: `${target.pathname}${target.search}` });
    assert.notEqual(followed.statusCode, 307, url);
    assert.notEqual(followed.body, '{"detail":"Not Found"}', url);
  }
});

test('HEAD is answered as by the reference and on the probes, and is 405 on other operations', async () => {
  const head = async (url: string) => (await server.app.inject({ method: 'HEAD', url })).statusCode;
  const site = [
    '/',
    '/docs',
    '/api/docs',
    '/docs/reference.js',
    '/openapi.json',
    '/api/openapi.json',
    '/ui-settings',
  ];
  for (const url of [...site, '/api/static/mintaka.png', '/api/health', '/api/ready', '/api/health?a=1']) {
    assert.equal(await head(url), 200, url);
  }
  for (const url of ['/api/version', '/api/admin/version', '/api/hello'])
    assert.equal(await head(url), 405, url);
  assert.equal(await head('/api/nothing'), 404);
});

test('a server without a key describes no security scheme', async () => {
  const document = (await get('/openapi.json')).json();
  assert.equal(document.security, undefined);
  assert.equal(document.components.securitySchemes, undefined);
});
