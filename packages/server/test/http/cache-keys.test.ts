import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DialectApp, dialectApp } from '@mintaka/testing/dialect-apps';

async function flowRun(app: DialectApp): Promise<string> {
  const flow = await app.send('POST', '/api/flows/', { name: 'caching' });
  return (await app.send('POST', '/api/flow_runs/', { flow_id: flow.body.id })).body.id;
}

for (const [setting, longest] of [
  [undefined, 2000],
  ['10', 10],
  ['0', 0],
  ['3000', 3000],
] as const) {
  test(`a cache key of a new task run has at most ${longest} characters, as set by ${setting}`, async () => {
    const settings = setting === undefined ? {} : { PREFECT_ORION_TASK_CACHE_KEY_MAX_LENGTH: setting };
    const app = await dialectApp('sqlite', settings);
    assert.ok(app);
    const run = { flow_run_id: await flowRun(app), task_key: 'task', dynamic_key: '0' };
    // Characters, not UTF-16 units.
    const fits = await app.send('POST', '/api/task_runs/', { ...run, cache_key: '🐍'.repeat(longest) });
    assert.equal(fits.status, 201);
    const body = { ...run, dynamic_key: '1', cache_key: '🐍'.repeat(longest + 1) };
    const refused = await app.send('POST', '/api/task_runs/', body);
    assert.deepEqual(refused, {
      status: 422,
      body: {
        exception_message: 'Invalid request received.',
        exception_detail: [
          {
            loc: ['body', 'cache_key'],
            msg: `Cache key exceeded maximum allowed length of ${longest} characters.`,
            type: 'value_error',
          },
        ],
        request_body: body,
      },
    });
    const { paths } = (await app.app.inject({ url: '/openapi.json' })).json();
    assert.ok(paths['/api/task_runs/'].post.requestBody, 'the API page shows the body');
    await app.close();
  });
}

test('a cache key in the details of a state can have any length, as in Prefect', async () => {
  const app = await dialectApp('sqlite', { PREFECT_ORION_TASK_CACHE_KEY_MAX_LENGTH: '10' });
  assert.ok(app);
  const state = { type: 'PENDING', state_details: { cache_key: 'x'.repeat(5000) } };
  const run = { flow_run_id: await flowRun(app), task_key: 'task', dynamic_key: '0', state };
  assert.equal((await app.send('POST', '/api/task_runs/', run)).status, 201);
  await app.close();
});
