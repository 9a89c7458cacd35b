import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { type TestApp, testApp } from '@mintaka/testing/app';
import { listen } from '@mintaka/testing/listening';
import { startTlsProxy, type TlsProxy } from '@mintaka/testing/tls-proxy';

const path = '/tools/mintaka';
let server: TestApp | undefined;
let proxy: TlsProxy | undefined;
afterEach(async () => {
  proxy?.close();
  await server?.close();
});

/** Ways to serve the server below a path: what the proxy does with the path, and whether the server knows it. */
const ways: [name: string, strips: boolean, settings: Record<string, string>][] = [
  ['takes the path away', true, {}],
  ['takes the path away from a server that knows it', true, { MINTAKA_BASE_PATH: path }],
  ['passes the path on', false, { MINTAKA_BASE_PATH: path }],
];

for (const [name, strips, settings] of ways) {
  test(`behind a proxy that ends TLS and ${name}, every redirect and link leads back through the proxy`, async () => {
    server = await testApp({ MINTAKA_ALLOWED_HOSTS: 'flows.example.com', ...settings });
    proxy = await startTlsProxy(await listen(server.app), { path, strips });
    const { get, base } = proxy;
    assert.equal((await get('api/health')).body, 'true');

    const moved = await get('api/health/?a=1');
    assert.equal(moved.status, 307);
    const followed = await get(new URL(moved.location ?? '', moved.url));
    assert.deepEqual([followed.url.href, followed.body], [`${base}/api/health?a=1`, 'true']);

    const front = await get('');
    const docs = await get(new URL(/href="([^"]+)"/.exec(front.body)?.[1] ?? '', front.url));
    assert.equal(docs.status, 200);
    for (const page of [docs, await get('api/docs')]) {
      const script = await get(new URL(/src="([^"]+)"/.exec(page.body)?.[1] ?? '', page.url));
      assert.deepEqual([script.status, script.url.href], [200, `${base}/docs/reference.js`]);
      const description = await get(new URL('openapi.json', page.url));
      assert.equal(JSON.parse(description.body).openapi, '3.1.0');
    }
  });
}

test('the base path without a trailing slash leads to the front page', async () => {
  server = await testApp({ MINTAKA_ALLOWED_HOSTS: 'flows.example.com', MINTAKA_BASE_PATH: path });
  proxy = await startTlsProxy(await listen(server.app), { path, strips: false });
  const { get, base } = proxy;
  const moved = await get(base);
  const front = await get(new URL(moved.location ?? '', moved.url));
  assert.deepEqual([moved.status, front.status, front.url.href], [307, 200, `${base}/`]);
});

test('the OpenAPI document of a server with a base path contains it', async () => {
  server = await testApp({ MINTAKA_BASE_PATH: path });
  const servers = async (url: string) => (await server?.app.inject(url))?.json().servers;
  assert.deepEqual(await servers('/openapi.json'), [{ url: path }]);
  assert.deepEqual(await servers('/api/openapi.json'), [{ url: `${path}/api` }]);
});
