import assert from 'node:assert/strict';
import { recordingLog } from '@mintaka/testing/recording-log';
import { inEachWorld } from '@mintaka/testing/worlds';
import { deleteFlow } from '../../src/domain/flows.ts';
import { createDeletions } from '../../src/domain/running-deletions.ts';
import { deletions } from '../../src/services/deletions.ts';
import { makeLargeFlow } from '../domain/deletion/many-rows.ts';
import { countRows } from '../domain/deletion/rows.ts';

inEachWorld('the loop that finishes deletions', (it) => {
  it('continues the deletions of an earlier server, as soon as it starts', async ({ context }) => {
    const before = await countRows(context.database);
    const flow = await makeLargeFlow(context, { runs: 1000, taskRuns: 0 });
    const ending = createDeletions({ now: () => 0, wait: async () => ending.stop() });
    await assert.rejects(deleteFlow({ ...context, deletions: ending }, flow), /server is stopping/);
    const { log, lines } = recordingLog();
    const service = deletions(context, log);
    service.start();
    await service.stop();
    assert.deepEqual(await countRows(context.database), before);
    assert.deepEqual(
      lines.map(({ msg, kind, id }) => ({ msg, kind, id })),
      [{ msg: 'finished a deletion', kind: 'flow', id: flow }],
    );
  });

  it('stops between two steps, and leaves the rest to the next start', async ({ context }) => {
    const flow = await makeLargeFlow(context, { runs: 1000, taskRuns: 0 });
    const stopped = () => {
      const ending = createDeletions({ now: () => 0, wait: async () => ending.stop() });
      return ending;
    };
    await assert.rejects(deleteFlow({ ...context, deletions: stopped() }, flow));
    const { log, lines } = recordingLog();
    const service = deletions({ ...context, deletions: stopped() }, log);
    service.start();
    await service.stop();
    assert.deepEqual(lines, []);
    assert.ok(((await countRows(context.database)).flow_run ?? 0) > 0);
    const next = deletions(context, log);
    next.start();
    await next.stop();
    assert.equal((await countRows(context.database)).flow_run, undefined);
  });
});
