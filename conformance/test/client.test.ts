import assert from 'node:assert/strict';
import { test } from 'node:test';
import { operations } from '@mintaka/contract';
import { ApiError, createClient } from '@mintaka/contract/client';
import { createDatabase } from '@mintaka/testing/databases';
import { startOurs } from '@mintaka/testing/ours';
import { installReference } from '@mintaka/testing/reference';
import { story } from '@mintaka/testing/story';
import { dialects, missing } from './support.ts';

/** The servers that one client has to understand. */
const servers = {
  ours: startOurs,
  reference: (options: Parameters<typeof startOurs>[0]) => installReference().start(options),
};

for (const dialect of dialects) {
  for (const [name, start] of Object.entries(servers)) {
    test(`the client calls every operation of the ${name === 'ours' ? 'server' : 'reference server'}, on ${dialect}`, async (t) => {
      const reason = await missing(dialect);
      if (reason !== false) return t.skip(reason);
      const database = await createDatabase(dialect, `client_${name}`);
      t.after(() => database.drop());
      const server = await start({ database });
      t.after(() => server.stop());
      const client = createClient(operations, { fetch, baseUrl: `${server.url}/api` });

      for (const chapter of story) await t.test(chapter.name, () => chapter.tell(client));
      await t.test('a refusal', () =>
        assert.rejects(
          client.flows.readByName({ params: { name: 'nowhere' } }),
          (error) => error instanceof ApiError && error.status === 404 && error.detail === 'Flow not found',
        ),
      );
    });
  }
}
