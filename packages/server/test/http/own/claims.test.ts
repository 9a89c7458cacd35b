import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { type TestContext, test } from 'node:test';
import { type ClaimBodyInput, type Operations, operations } from '@mintaka/contract';
import { type Client, createClient } from '@mintaka/contract/client';
import { type DialectApp, dialectApp, dialects } from '@mintaka/testing/dialect-apps';

/** A server with a work pool and a deployment, and a client for it. */
type Place = {
  server: DialectApp;
  url: string;
  client: Client<Operations>;
  /** Creates a run of the deployment that is due this many milliseconds from now. */
  schedule(milliseconds?: number): Promise<string>;
};

async function openPlace(
  context: TestContext,
  dialect: (typeof dialects)[number],
): Promise<Place | undefined> {
  const server = await dialectApp(dialect);
  if (server === undefined) {
    context.skip('Postgres is not installed');
    return undefined;
  }
  context.after(server.close);
  const url = `${await server.app.listen({ host: '127.0.0.1', port: 0 })}/api`;
  const client = createClient(operations, { baseUrl: url, fetch });
  const flow = await client.flows.create({ body: { name: 'flow' } });
  await client.workPools.create({ body: { name: 'pool', type: 'process' } });
  const deployment = await client.deployments.create({
    body: { name: 'deployment', flow_id: flow.id, work_pool_name: 'pool' },
  });
  return {
    server,
    url,
    client,
    schedule: async (milliseconds = 0) => {
      const scheduled_time = new Date(Date.now() + milliseconds).toISOString();
      const body = { state: { type: 'SCHEDULED' as const, state_details: { scheduled_time } } };
      return (await client.deployments.createFlowRun({ params: { id: deployment.id }, body })).id;
    },
  };
}

const claim = ({ client }: Place, body: Partial<ClaimBodyInput> = {}) =>
  client.own.claim({ params: { name: 'pool' }, body: { claim_id: randomUUID(), ...body } });
const idsOf = ({ flow_runs }: Awaited<ReturnType<typeof claim>>) =>
  flow_runs.map(({ flow_run }) => flow_run.id);

for (const dialect of dialects) {
  test(`a claim that waits is answered with the run that becomes due, on ${dialect}`, async (context) => {
    const place = await openPlace(context, dialect);
    if (place === undefined) return;
    const waiting = claim(place, { wait: 30 });
    const id = await place.schedule(150);
    const answer = await waiting;
    assert.deepEqual(idsOf(answer), [id]);
    assert.equal(answer.flow_runs[0]?.flow_run.state_type, 'PENDING');
    assert.deepEqual(
      [answer.deployments.map(({ name }) => name), answer.flows.map(({ name }) => name)],
      [['deployment'], ['flow']],
    );
    // The poll of other workers does not return it any more.
    assert.deepEqual(await place.client.workPools.getScheduledFlowRuns({ params: { name: 'pool' } }), []);
  });

  test(`of many claims that wait each run goes to one, the first one first, on ${dialect}`, async (context) => {
    const place = await openPlace(context, dialect);
    if (place === undefined) return;
    const answered: string[][] = [];
    const claims = Array.from({ length: 40 }, async () => {
      answered.push(idsOf(await claim(place, { wait: 30 })));
    });
    const ids = await Promise.all(Array.from({ length: 40 }, () => place.schedule()));
    await Promise.all(claims);
    assert.deepEqual(answered.flat().sort(), ids.sort());
    assert.ok(answered.every((runs) => runs.length === 1));
  });

  test(`a claim that waits gets runs once a pool is resumed, or a slot is released, on ${dialect}`, async (context) => {
    const place = await openPlace(context, dialect);
    if (place === undefined) return;
    const { client } = place;
    const [first, second] = [await place.schedule(), await place.schedule()];
    await client.workPools.update({
      params: { name: 'pool' },
      body: { is_paused: true, concurrency_limit: 1 },
    });
    const resumed = claim(place, { wait: 30 });
    await client.workPools.update({ params: { name: 'pool' }, body: { is_paused: false } });
    assert.deepEqual(idsOf(await resumed), [first]);
    const freed = claim(place, { wait: 30 });
    await client.flowRuns.setState({ params: { id: first ?? '' }, body: { state: { type: 'COMPLETED' } } });
    assert.deepEqual(idsOf(await freed), [second]);
  });

  test(`a claim for one queue gets a run once another queue releases the slot of the pool, on ${dialect}`, async (context) => {
    const place = await openPlace(context, dialect);
    if (place === undefined) return;
    const { client } = place;
    await client.poolQueues.create({ params: { work_pool_name: 'pool' }, body: { name: 'other' } });
    const { flow_id } = await client.deployments.readByName({
      params: { flow_name: 'flow', deployment_name: 'deployment' },
    });
    const other = await client.deployments.create({
      body: { name: 'other', flow_id, work_pool_name: 'pool', work_queue_name: 'other' },
    });
    await client.workPools.update({ params: { name: 'pool' }, body: { concurrency_limit: 1 } });
    const first = await place.schedule();
    assert.deepEqual(idsOf(await claim(place)), [first]);
    const second = await client.deployments.createFlowRun({
      params: { id: other.id },
      body: { state: { type: 'SCHEDULED' } },
    });
    const waiting = claim(place, { wait: 30, work_queue_names: ['other'] });
    // A claim of the same queue is answered after the first attempt of the one that waits.
    assert.deepEqual(idsOf(await claim(place, { work_queue_names: ['other'] })), []);
    await client.flowRuns.setState({ params: { id: first }, body: { state: { type: 'COMPLETED' } } });
    assert.deepEqual(idsOf(await waiting), [second.id]);
  });

  test(`a repeated claim gets its runs however many claims wait, on ${dialect}`, async (context) => {
    const place = await openPlace(context, dialect);
    if (place === undefined) return;
    const id = await place.schedule();
    const claim_id = randomUUID();
    assert.deepEqual(idsOf(await claim(place, { claim_id })), [id]);
    const waiting = Array.from({ length: 5 }, () => claim(place, { wait: 30, limit: 100 }));
    // Each of them has been tried once a later claim is answered.
    assert.deepEqual(idsOf(await claim(place)), []);
    assert.deepEqual(idsOf(await claim(place, { claim_id })), [id]);
    await place.server.app.close();
    assert.deepEqual((await Promise.all(waiting)).flatMap(idsOf), []);
  });

  test(`claims are refused when their pool is deleted, however many wait, on ${dialect}`, async (context) => {
    const place = await openPlace(context, dialect);
    if (place === undefined) return;
    const waiting = Array.from({ length: 5 }, () => claim(place, { wait: 30, limit: 100 }));
    const refused = Promise.all(waiting.map((answer) => assert.rejects(answer, /not found/i)));
    assert.deepEqual(idsOf(await claim(place)), []);
    await place.client.workPools.delete({ params: { name: 'pool' } });
    await refused;
  });

  test(`a claim may look far ahead, but not without a bound, on ${dialect}`, async (context) => {
    const place = await openPlace(context, dialect);
    if (place === undefined) return;
    const id = await place.schedule(3_600_000);
    assert.deepEqual(idsOf(await claim(place, { prefetch_seconds: 3_155_760_000 })), [id]);
    for (const prefetch_seconds of ['1e300', 'inf', 3_155_760_001]) {
      const { status } = await place.server.send('POST', '/api/mintaka/work_pools/pool/claim', {
        claim_id: randomUUID(),
        prefetch_seconds,
      });
      assert.equal(status, 422);
    }
  });

  test(`a client that hangs up while it waits takes nothing, on ${dialect}`, async (context) => {
    const place = await openPlace(context, dialect);
    if (place === undefined) return;
    await hangUp(place);
    const id = await place.schedule();
    // It may have claimed the run just before its end, and returns it then.
    assert.deepEqual(idsOf(await claim(place, { wait: 30 })), [id]);
  });

  test(`a claim without a run is answered when its wait is over, and when the server stops, on ${dialect}`, async (context) => {
    const place = await openPlace(context, dialect);
    if (place === undefined) return;
    assert.deepEqual(idsOf(await claim(place)), []);
    assert.deepEqual(idsOf(await claim(place, { wait: 0.01 })), []);
    const waiting = claim(place, { wait: 30 });
    await claim(place);
    await place.server.app.close();
    assert.deepEqual(idsOf(await waiting), []);
  });
}

/** Sends a claim that waits, and closes its connection; returns once the server has noticed. */
async function hangUp({ server, url }: Place): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.app.server.once('request', (_, response) => response.once('close', () => resolve()));
  });
  const sent = request(`${url}/mintaka/work_pools/pool/claim`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
  });
  sent.on('error', () => {});
  sent.end(JSON.stringify({ claim_id: randomUUID(), wait: 30, limit: 5 }));
  await new Promise<void>((resolve) => server.app.server.once('request', () => resolve()));
  sent.destroy();
  await closed;
}
