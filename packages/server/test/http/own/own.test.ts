import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { dialectApp, dialects } from '@mintaka/testing/dialect-apps';

for (const dialect of dialects) {
  test(`wrong claims and waits are refused in words that name the field, on ${dialect}`, async (context) => {
    const server = await dialectApp(dialect);
    if (server === undefined) return context.skip('Postgres is not installed');
    context.after(server.close);
    const claim_id = randomUUID();
    const claim = '/api/mintaka/work_pools/pool/claim';
    assert.deepEqual(await server.send('POST', claim, { claim_id }), {
      status: 404,
      body: { detail: 'Work pool "pool" not found.' },
    });
    await server.send('POST', '/api/work_pools/', { name: 'pool', type: 'process' });
    assert.deepEqual(
      await server.send('POST', claim, { claim_id, work_queue_names: ['default', 'none'], wait: 5 }),
      {
        status: 404,
        body: { detail: "Work pool queue 'pool/none' not found." },
      },
    );
    const fieldsOf = async (body: object) => {
      const answer = await server.send('POST', claim, body);
      assert.equal(answer.status, 422);
      return answer.body.exception_detail.map(({ loc }: { loc: string[] }) => loc.join('.'));
    };
    assert.deepEqual(await fieldsOf({}), ['body.claim_id']);
    assert.deepEqual(await fieldsOf({ claim_id, wait: 31 }), ['body.wait']);
    assert.deepEqual(await fieldsOf({ claim_id, wait: -1, limit: 0 }), ['body.limit', 'body.wait']);
    assert.deepEqual(await fieldsOf({ claim_id, limit: 101 }), ['body.limit']);
    assert.deepEqual(await fieldsOf({ claim_id, other: 1 }), ['body.other']);

    const wait = `/api/mintaka/flow_runs/${randomUUID()}/wait`;
    assert.equal((await server.send('GET', wait)).status, 404);
    assert.equal((await server.send('GET', `${wait}?until=DONE`)).status, 422);
    assert.equal((await server.send('GET', `${wait}?timeout=31`)).status, 422);
  });

  test(`a client can wait for a flow run to end or to be in a state, on ${dialect}`, async (context) => {
    const server = await dialectApp(dialect);
    if (server === undefined) return context.skip('Postgres is not installed');
    context.after(server.close);
    const flow = await server.send('POST', '/api/flows/', { name: 'flow' });
    const { body: run } = await server.send('POST', '/api/flow_runs/', { flow_id: flow.body.id });
    const wait = (query: string) => server.send('GET', `/api/mintaka/flow_runs/${run.id}/wait?${query}`);
    const set = (type: string) =>
      server.send('POST', `/api/flow_runs/${run.id}/set_state`, { state: { type }, force: true });
    assert.equal((await wait('timeout=0')).body.state_type, 'PENDING');
    assert.equal((await wait('timeout=0.01')).body.state_type, 'PENDING');
    assert.equal((await wait('until=PENDING')).body.state_type, 'PENDING');
    const running = wait('until=RUNNING');
    const ended = [wait(''), wait('until=terminal'), wait('until=PAUSED')];
    await set('RUNNING');
    assert.equal((await running).body.state_type, 'RUNNING');
    await set('COMPLETED');
    for (const answer of ended) assert.equal((await answer).body.state_type, 'COMPLETED');
    await set('RUNNING');
    const deleted = wait('');
    await server.send('DELETE', `/api/flow_runs/${run.id}`);
    assert.equal((await deleted).status, 404);
  });

  test(`the capabilities name the operations that Prefect lacks, on ${dialect}`, async (context) => {
    const server = await dialectApp(dialect);
    if (server === undefined) return context.skip('Postgres is not installed');
    context.after(server.close);
    const { body } = await server.send('GET', '/api/mintaka/capabilities');
    assert.match(body.version, /^\d+\.\d+\.\d+/);
    assert.ok(body.operations.includes('claim'));
    // Clients of Prefect see the API of Prefect alone.
    const { body: document } = await server.send('GET', '/api/openapi.json');
    assert.deepEqual(
      Object.keys(document.paths).filter((path) => path.startsWith('/mintaka')),
      [],
    );
    const { body: own } = await server.send('GET', '/api/mintaka/openapi.json');
    assert.ok('/api/mintaka/work_pools/{name}/claim' in own.paths);
  });
}
