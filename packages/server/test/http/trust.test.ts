import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type TestApp, testApp } from '@mintaka/testing/app';

type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';
type Ask = {
  method?: Method;
  url: string;
  headers?: Record<string, string>;
  payload?: string;
  /** The address of the client; this machine by default. */
  remoteAddress?: string;
};

async function withServer(
  settings: Record<string, string>,
  work: (
    ask: (request: Ask) => Promise<{ status: number; body: string; headers: Record<string, unknown> }>,
    server: TestApp,
  ) => Promise<void>,
): Promise<void> {
  const server = await testApp(settings);
  try {
    await work(async (request) => {
      const answer = await server.app.inject(request);
      return { status: answer.statusCode, body: answer.body, headers: answer.headers };
    }, server);
  } finally {
    await server.close();
  }
}

const elsewhere = 'http://evil.example';
const everyWrite: [Method, string][] = [
  ['POST', '/api/flows/'],
  ['POST', '/api/flows/filter'],
  ['POST', '/api/admin/database/clear'],
  ['POST', '/api/block_types/install_system_block_types'],
  ['PATCH', '/api/flows/00000000-0000-0000-0000-000000000000'],
  ['DELETE', '/api/flows/00000000-0000-0000-0000-000000000000'],
  ['PUT', '/api/block_types/00000000-0000-0000-0000-000000000000'],
  ['POST', '/api/nothing'],
  ['POST', '/anywhere'],
];
const secretUrl = '/api/block_documents/00000000-0000-0000-0000-000000000000?include_secrets=true';

describe('pages of other origins, on a server without a key', () => {
  test('cannot write, even with a content type that needs no preflight', async () => {
    await withServer({}, async (ask) => {
      const types = ['', 'text/plain', 'application/x-www-form-urlencoded', 'application/json'];
      const origins = [
        elsewhere,
        'null',
        'http://localhost.evil.example',
        'http://127.0.0.1.evil.example',
        'http://127.evil.example',
        'file://',
        'chrome-extension://abc',
      ];
      for (const [method, url] of everyWrite) {
        for (const origin of origins) {
          for (const type of types) {
            const headers = { origin, ...(type === '' ? {} : { 'content-type': type }) };
            const { status, body } = await ask({
              method,
              url,
              headers,
              payload: type === '' ? '' : '{"confirm": true}',
            });
            assert.equal(status, 403, `${method} ${url} ${origin} ${type}`);
            assert.match(body, /MINTAKA_ALLOWED_ORIGINS/);
          }
        }
      }
      const { status } = await ask({
        method: 'POST',
        url: '/api/flows/',
        headers: { 'sec-fetch-site': 'cross-site' },
      });
      assert.equal(status, 403, 'a browser that sends no origin but marks the request as cross-site');
    });
  });

  test('cannot read an answer, and get no successful preflight', async () => {
    await withServer({}, async (ask) => {
      const read = await ask({ url: '/api/version', headers: { origin: elsewhere } });
      assert.equal(read.headers['access-control-allow-origin'], undefined);
      const headers = { origin: elsewhere, 'access-control-request-method': 'POST' };
      const preflight = await ask({ method: 'OPTIONS', url: '/api/flows/', headers });
      assert.equal(preflight.status, 403);
      assert.equal(preflight.headers['access-control-allow-origin'], undefined);
      assert.match(preflight.body, /MINTAKA_ALLOWED_ORIGINS/);
    });
  });
});

test('can use the API if they are of this server, this machine, the URLs in the settings or allowed origins', async () => {
  const settings = {
    PREFECT_UI_URL: 'https://flows.example.com/ui',
    MINTAKA_ALLOWED_ORIGINS: 'https://other.example, http://third.example:81',
  };
  await withServer(settings, async (ask) => {
    const callers = [
      { origin: 'http://localhost:3000' },
      { origin: 'http://127.0.0.1:8080' },
      { origin: 'http://[::1]:5173' },
      { origin: 'http://dev.localhost' },
      { origin: 'https://flows.example.com' },
      { origin: 'https://other.example' },
      { origin: 'http://third.example:81' },
      { origin: 'https://flows.example.com', host: 'flows.example.com' },
    ];
    for (const headers of callers) {
      const made = await ask({
        method: 'POST',
        url: '/api/flows/',
        headers: { ...headers, 'content-type': 'application/json' },
        payload: '{"name": "a"}',
      });
      assert.ok(made.status === 201 || made.status === 200, JSON.stringify(headers));
      assert.equal(made.headers['access-control-allow-origin'], headers.origin);
      assert.equal(made.headers.vary, 'Origin');
      const preflight = await ask({
        method: 'OPTIONS',
        url: '/api/flows/',
        headers: {
          ...headers,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'content-type,x-a',
        },
      });
      assert.deepEqual([preflight.status, preflight.body], [200, 'OK']);
      assert.equal(preflight.headers['access-control-allow-headers'], 'content-type,x-a');
      assert.match(String(preflight.headers['access-control-allow-methods']), /DELETE.*POST/);
    }
    for (const origin of [
      'http://other.example',
      'https://other.example:444',
      'http://third.example',
      'null',
    ]) {
      const { status } = await ask({
        method: 'POST',
        url: '/api/flows/',
        headers: { origin },
        payload: '{"name": "a"}',
      });
      assert.equal(status, 403, origin);
    }
  });
  await withServer({ MINTAKA_ALLOWED_ORIGINS: '*' }, async (ask) => {
    const { headers } = await ask({ url: '/api/version', headers: { origin: elsewhere } });
    assert.equal(headers['access-control-allow-origin'], elsewhere);
  });
});

test('clients other than browsers send no origin, and can write without a content type', async () => {
  await withServer({}, async (ask) => {
    const made = await ask({ method: 'POST', url: '/api/flows/', payload: '{"name": "a"}' });
    assert.equal(made.status, 201);
    const install = await ask({ method: 'POST', url: '/api/block_types/install_system_block_types' });
    assert.equal(install.status, 200);
  });
});

test('the database is cleared only if the body is declared as JSON, on a server without a key', async () => {
  await withServer({}, async (ask) => {
    await ask({ method: 'POST', url: '/api/flows/', payload: '{"name": "kept"}' });
    const clear = async (type: string | undefined, payload: string) => {
      const headers = type === undefined ? {} : { 'content-type': type };
      return (await ask({ method: 'POST', url: '/api/admin/database/clear', headers, payload })).status;
    };
    const confirmed = '{"confirm": true}';
    assert.equal(await clear(undefined, confirmed), 403);
    assert.equal(await clear('', confirmed), 403);
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      assert.equal(await clear(type, confirmed), 422, type);
    }
    assert.equal(await clear(undefined, ''), 400, 'without a body the answer is the same as the reference’s');
    assert.equal((await ask({ url: '/api/flows/name/kept' })).status, 200);
    assert.equal(await clear('application/json; charset=utf-8', confirmed), 204);
    assert.equal((await ask({ url: '/api/flows/name/kept' })).status, 404);
  });
  await withServer({ MINTAKA_API_KEY: 'a-key', MINTAKA_ADMIN_DATABASE_ROUTES: 'true' }, async (ask) => {
    const headers = { authorization: 'Bearer a-key' };
    const url = '/api/admin/database/clear';
    assert.equal((await ask({ method: 'POST', url, headers, payload: '{"confirm": true}' })).status, 204);
  });
});

describe('the host in a request, on a server without a key', () => {
  const status = async (settings: Record<string, string>, host: string, url = '/api/version') => {
    let found = 0;
    await withServer(settings, async (ask) => {
      const { status, body } = await ask({ url, headers: { host } });
      found = status;
      if (status === 403) assert.match(body, /MINTAKA_ALLOWED_HOSTS/);
    });
    return found;
  };

  test('must be one of this machine, so that DNS rebinding is impossible', async () => {
    for (const host of [
      'localhost',
      'LOCALHOST:4200',
      'localhost.',
      'a.localhost:1',
      '127.0.0.1:4200',
      '127.8.9.10',
      '[::1]:4200',
      '[::1]',
    ]) {
      assert.equal(await status({}, host), 200, host);
    }
    const strange = [
      'evil.example',
      'evil.example:4200',
      'localhost.evil.example',
      '127.0.0.1.evil.example',
      'xlocalhost',
      '192.168.1.5:4200',
      '127.1',
      '0.0.0.0:4200',
      '[::ffff:7f00:1]',
      'a:b:c',
      '[::1',
      'localhost@evil.example',
      'localhost/evil.example',
    ];
    for (const host of strange) {
      assert.equal(await status({}, host), 403, host);
      assert.equal(await status({}, host, '/nothing'), 403, host);
      assert.equal(await status({}, host, '/openapi.json'), 403, host);
      assert.equal(await status({}, host, '/metrics'), 403, host);
      assert.equal(await status({}, host, '/api/health'), 200, 'probes may use any host');
    }
  });

  test('may be the one that it listens on, one of a URL in the settings, or an allowed one', async () => {
    const settings = {
      MINTAKA_API_HOST: '192.168.1.5',
      PREFECT_API_URL: 'https://flows.example.com:8443/api',
      PREFECT_UI_URL: 'https://pages.example.com',
      MINTAKA_ALLOWED_HOSTS: 'mintaka, *.inner.example, 2001:db8::1',
    };
    for (const host of [
      '192.168.1.5:4200',
      'flows.example.com:8443',
      'Pages.Example.com',
      'mintaka:4200',
      'a.b.inner.example',
      '[2001:db8::1]:4200',
    ]) {
      assert.equal(await status(settings, host), 200, host);
    }
    for (const host of ['inner.example', 'xinner.example', 'mintaka.example', 'example.com']) {
      assert.equal(await status(settings, host), 403, host);
    }
    assert.equal(await status({ MINTAKA_ALLOWED_HOSTS: '*' }, 'evil.example'), 200);
  });

  test('may be any IP address if the server listens beyond this machine, because no DNS name is one', async () => {
    for (const host of ['192.168.1.5:4200', '[fe80::1]:4200', '10.0.0.1']) {
      assert.equal(await status({ MINTAKA_API_HOST: '0.0.0.0' }, host), 200, host);
    }
    assert.equal(await status({ MINTAKA_API_HOST: '0.0.0.0' }, 'evil.example'), 403);
  });
});

describe('secrets and admin operations, on a server without a key', () => {
  const privileged: Ask[] = [
    { url: '/api/admin/settings' },
    { method: 'POST', url: '/api/admin/database/clear' },
    { url: secretUrl },
    { url: '/api/block_types/slug/x/block_documents?include_secrets=1' },
    { url: '/api/block_types/slug/x/block_documents/name/y?include_secrets=yes' },
    { method: 'POST', url: '/api/block_documents/filter', payload: '{"include_secrets": true}' },
    { method: 'POST', url: '/api/block_documents/filter', payload: '{"\\u0069nclude_secrets": "true"}' },
  ];
  const refusedAll = async (settings: Record<string, string>, more: Partial<Ask>) =>
    withServer(settings, async (ask) => {
      for (const request of privileged) {
        const { status, body } = await ask({ ...request, ...more });
        assert.equal(status, 403, `${request.url} ${JSON.stringify(more)}`);
        assert.match(body, /MINTAKA_ALLOWED_(?:HOSTS|ORIGINS)/);
      }
    });
  const answeredAll = async (settings: Record<string, string>, more: Partial<Ask>) =>
    withServer(settings, async (ask) => {
      for (const request of privileged) {
        const { status } = await ask({ ...request, ...more });
        assert.ok([200, 400, 404].includes(status), `${request.url} ${status}`);
      }
    });
  const open = { MINTAKA_API_HOST: '0.0.0.0', MINTAKA_ADMIN_DATABASE_ROUTES: 'true' };

  test('are allowed for clients on this machine', async () => {
    await answeredAll({}, {});
    await answeredAll({}, { headers: { host: '127.0.0.1:4200' }, remoteAddress: '::ffff:127.0.0.1' });
    await answeredAll(open, {});
    await refusedAll(open, { remoteAddress: '192.168.1.9' });
    await refusedAll(open, { remoteAddress: '192.168.1.9', headers: { host: '192.168.1.5:4200' } });
    await refusedAll(open, { headers: { host: '192.168.1.5:4200' } });
  });

  test('are allowed for clients on other machines if the operator allows the host that they use', async () => {
    const settings = {
      ...open,
      PREFECT_API_URL: 'http://flows.example.com/api',
      MINTAKA_ALLOWED_HOSTS: '192.168.1.5,localhost',
    };
    await answeredAll(settings, { remoteAddress: '192.168.1.9', headers: { host: '192.168.1.5:4200' } });
    await answeredAll(settings, { remoteAddress: '172.17.0.1', headers: { host: 'localhost:4200' } });
    await refusedAll(settings, { remoteAddress: '192.168.1.9', headers: { host: 'flows.example.com' } });
    await refusedAll(settings, { remoteAddress: '192.168.1.9', headers: { host: '192.168.1.6:4200' } });
  });

  test('are never allowed for pages of other origins, nor for their resources', async () => {
    await refusedAll({}, { headers: { origin: elsewhere } });
    await refusedAll({}, { headers: { 'sec-fetch-site': 'cross-site' } });
    await refusedAll({ MINTAKA_ALLOWED_HOSTS: '*' }, { headers: { origin: elsewhere, host: 'x' } });
    await answeredAll({}, { headers: { origin: 'http://localhost:3000' } });
  });

  test('do not restrict other operations, including the version of Prefect', async () => {
    await withServer(open, async (ask) => {
      const from = { remoteAddress: '192.168.1.9', headers: { host: '192.168.1.5:4200' } };
      assert.equal((await ask({ ...from, url: '/api/admin/version' })).status, 200);
      assert.equal((await ask({ ...from, url: secretUrl.replace('true', 'false') })).status, 404);
      assert.equal((await ask({ ...from, method: 'POST', url: '/api/block_documents/filter' })).status, 200);
    });
  });
});

test('with a key the host does not matter, and only pages of listed origins may use the API', async () => {
  const key = 'a-key';
  const headers = { authorization: `Bearer ${key}`, host: 'anything.example' };
  const far = { remoteAddress: '192.168.1.9' };
  await withServer(
    { MINTAKA_API_KEY: key, MINTAKA_ALLOWED_ORIGINS: 'https://flows.example.com' },
    async (ask) => {
      assert.equal((await ask({ ...far, url: secretUrl, headers })).status, 404);
      const page = { ...headers, origin: 'https://flows.example.com' };
      const read = await ask({ url: '/api/version', headers: page });
      assert.equal(read.headers['access-control-allow-origin'], 'https://flows.example.com');
      const preflight = await ask({
        method: 'OPTIONS',
        url: '/api/flows/',
        headers: { origin: 'https://flows.example.com', 'access-control-request-method': 'POST' },
      });
      assert.equal(preflight.status, 200, 'browsers send no key with a preflight');
      const local = await ask({
        url: '/api/version',
        headers: { ...headers, origin: 'http://localhost:3000' },
      });
      assert.equal(local.headers['access-control-allow-origin'], undefined);
    },
  );
});
