import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { testApp } from '@mintaka/testing/app';
import { createDeletions } from '../../../src/domain/running-deletions.ts';
import { makeLargeFlow } from '../../domain/deletion/many-rows.ts';

test('a deletion that takes longer than the stall timeout is still answered', async (t) => {
  const held = Promise.withResolvers<void>();
  const waiting = Promise.withResolvers<void>();
  const deletions = createDeletions({
    now: () => performance.now(),
    wait: () => {
      waiting.resolve();
      return held.promise;
    },
  });
  const server = await testApp({ MINTAKA_HTTP_STALL_TIMEOUT: '0.2' }, { deletions });
  t.after(server.close);
  const flow = await makeLargeFlow(server.context, { runs: 100, taskRuns: 0 });
  const url = new URL(await server.app.listen({ host: '127.0.0.1', port: 0 }));
  const deletion = fetch(new URL(`/api/flows/${flow}`, url), { method: 'DELETE' });
  await waiting.promise;
  const silent = connect({ host: url.hostname, port: Number(url.port) });
  await once(silent, 'close');
  held.resolve();
  assert.equal((await deletion).status, 204);
});
