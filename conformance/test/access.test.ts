import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createDatabase } from '@mintaka/testing/databases';
import { startOurs } from '@mintaka/testing/ours';
import { installReference } from '@mintaka/testing/reference';
import { missing } from './support.ts';

const script = fileURLToPath(new URL('../access/client.py', import.meta.url));
const everything = 'flow 42\npoll 0\nsecret hush\n';

/** Starts our server with the given settings, and runs the real client against it at a host, with additional settings. */
async function useServer(
  t: TestContext,
  settings: Record<string, string>,
  { host = '127.0.0.1', env = {} }: { host?: string; env?: Record<string, string> } = {},
): Promise<string> {
  const database = await createDatabase('sqlite', 'access');
  const server = await startOurs({
    database,
    settings: { PREFECT_ORION_BLOCKS_REGISTER_ON_START: 'true', ...settings },
  });
  t.after(async () => {
    await server.stop();
    await database.drop();
  });
  const url = server.url.replace('127.0.0.1', host);
  const { stdout, stderr } = await installReference().run({ url }, [script], { env });
  return `${stdout}${stdout === everything ? '' : stderr}`;
}

/** An address of this machine that is not a loopback one. */
function outerAddress(): string | undefined {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
}

test('the real client on the same machine can use everything on a server without settings', async (t) => {
  const reason = await missing('sqlite');
  if (reason !== false) return t.skip(reason);
  assert.equal(await useServer(t, {}), everything);
  assert.equal(await useServer(t, {}, { host: 'localhost' }), everything);
});

test('the real client can use everything with the key of a server, and nothing without it', async (t) => {
  const reason = await missing('sqlite');
  if (reason !== false) return t.skip(reason);
  const settings = { MINTAKA_API_KEY: 'a-key' };
  assert.equal(await useServer(t, settings, { env: { PREFECT_API_KEY: 'a-key' } }), everything);
  assert.match(await useServer(t, settings), /This server needs its API key/);
});

test('the real client on another machine runs flows without a key, and loads secrets if the setting allows its host', async (t) => {
  const reason = await missing('sqlite');
  if (reason !== false) return t.skip(reason);
  const host = outerAddress();
  if (host === undefined) return t.skip('this machine has no address but the loopback ones');
  const open = { PREFECT_ORION_API_HOST: '0.0.0.0' };
  const refused = await useServer(t, open, { host });
  assert.match(refused, /^flow 42\npoll 0\n/);
  assert.match(refused, /add that name to MINTAKA_ALLOWED_HOSTS/);
  assert.doesNotMatch(refused, /secret hush/);
  assert.equal(await useServer(t, { ...open, MINTAKA_ALLOWED_HOSTS: host }, { host }), everything);
});
