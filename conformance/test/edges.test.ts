import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startOurs } from '@mintaka/testing/ours';
import { installReference } from '@mintaka/testing/reference';
import { missing } from './support.ts';

/** The real client below a path, at a redirect, and with a body that is too large. */
const script = `
import asyncio
from prefect.client.orion import get_client

async def main():
    async with get_client() as client:
        http = client._client
        print((await http.get("/health/", follow_redirects=True)).json())
        print((await client.api_healthcheck()) is None)
        answer = await http.post("/flows/", content=b" " * 20_000_000, headers={"content-type": "application/json"})
        print(answer.status_code, (await http.get("/version")).json())

try:
    asyncio.run(main())
except Exception as error:
    print(error.response.status_code, error.response.json()["detail"])
`;

test('the real client works below a base path, follows relative redirects, and is told that its body is too large', async (t) => {
  const reason = await missing('sqlite');
  if (reason !== false) return t.skip(reason);
  const folder = mkdtempSync(join(tmpdir(), 'mintaka-edges-'));
  const server = await startOurs({
    database: { url: `sqlite+aiosqlite:///${folder}/edges.db` },
    settings: { MINTAKA_BASE_PATH: '/tools/mintaka', MINTAKA_API_BODY_LIMIT: '1000000' },
  });
  t.after(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });
  const below = { url: `${server.url}/tools/mintaka` };
  const reference = installReference();

  const { stdout, stderr, status } = await reference.run(below, ['-c', script]);
  assert.deepEqual([status, stderr], [0, '']);
  assert.deepEqual(stdout.split('\n'), [
    'True',
    'True',
    '413 The request body has 20000000 bytes; this server takes at most 1000000 (MINTAKA_API_BODY_LIMIT).',
    '',
  ]);
  const listed = await reference.cli(below, ['work-pool', 'ls']);
  assert.deepEqual([listed.status, listed.stderr], [0, '']);
  assert.match(listed.stdout, /default-agent-pool|Work Pools/);
});
