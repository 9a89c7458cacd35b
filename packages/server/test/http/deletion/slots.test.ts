import assert from 'node:assert/strict';
import { onEachDialect } from '../deployments/deployments.ts';

onEachDialect('concurrency slots of deleted runs', (it) => {
  let limits = 0;

  /** A tag with one slot, and task runs that need it. */
  async function limited(app: Parameters<Parameters<typeof it>[1]>[0]) {
    limits += 1;
    const tag = `limited ${limits}`;
    await app.send('POST', '/api/concurrency_limits/', { tag, concurrency_limit: 1 });
    const flow = (await app.send('POST', '/api/flows/', { name: tag })).body.id;
    const flowRun = (await app.send('POST', '/api/flow_runs/', { flow_id: flow, state: { type: 'RUNNING' } }))
      .body.id;
    const makeTaskRun = async (key: string): Promise<string> => {
      const body = { flow_run_id: flowRun, task_key: key, dynamic_key: key, tags: [tag] };
      return (await app.send('POST', '/api/task_runs/', body)).body.id;
    };
    const set = async (id: string, state: object): Promise<string> =>
      (await app.send('POST', `/api/task_runs/${id}/set_state`, { state })).body.status;
    const slots = async (): Promise<string[]> =>
      (await app.send('GET', `/api/concurrency_limits/tag/${tag}`)).body.active_slots;
    return { tag, flow, flowRun, makeTaskRun, set, slots };
  }

  const running = { type: 'RUNNING' };

  for (const kind of ['task_run', 'flow_run', 'flow'] as const) {
    it(`are free after the ${kind} is deleted`, async (app) => {
      const { flow, flowRun, makeTaskRun, set, slots } = await limited(app);
      const holder = await makeTaskRun('holder');
      assert.equal(await set(holder, running), 'ACCEPT');
      assert.deepEqual(await slots(), [holder]);
      const path = {
        task_run: `task_runs/${holder}`,
        flow_run: `flow_runs/${flowRun}`,
        flow: `flows/${flow}`,
      };
      assert.equal((await app.send('DELETE', `/api/${path[kind]}`)).status, 204);
      assert.deepEqual(await slots(), []);
    });
  }

  it('of deleted or ended task runs are given to others', async (app) => {
    const { tag, makeTaskRun, set, slots } = await limited(app);
    const [ended, open, next] = [
      await makeTaskRun('ended'),
      await makeTaskRun('open'),
      await makeTaskRun('next'),
    ];
    await set(ended, { type: 'COMPLETED' });
    const gone = '6f9619ff-8b86-4d01-b42d-00cf4fc964ff';
    const hold = (...slot_override: string[]) =>
      app.send('POST', `/api/concurrency_limits/tag/${encodeURIComponent(tag)}/reset`, { slot_override });
    await hold(open);
    assert.equal(await set(next, running), 'WAIT');
    for (const holder of [gone, ended]) {
      await hold(holder);
      assert.deepEqual(await slots(), [holder], 'as it was written');
      const taker = await makeTaskRun(`after ${holder}`);
      assert.equal(await set(taker, running), 'ACCEPT');
      assert.deepEqual(await slots(), [taker]);
    }
  });
});
