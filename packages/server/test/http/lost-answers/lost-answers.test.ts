import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addSeconds } from '@mintaka/contract';
import { dialects } from '@mintaka/testing/dialect-apps';
import { systemClock } from '../../../src/clock.ts';
import { lostAnswerSeconds } from '../../../src/domain/lost-answers.ts';
import { forgetExpiredAnswers } from '../../../src/domain/upkeep/expired-answers.ts';
import { type LossyServer, openPlace, type Place, type Received, type Sent } from './lossy-server.ts';

const post = (path: string, body: object, headers: Record<string, string> = {}): Sent => {
  return { method: 'POST', path, body: JSON.stringify(body), headers };
};
const idOf = ({ text }: Received): string => JSON.parse(text).id;

async function aFlow(server: LossyServer): Promise<string> {
  return idOf(await server.send(post('/flows/', { name: 'a flow' })));
}

async function countRuns(server: LossyServer): Promise<number> {
  return Number((await server.send(post('/flow_runs/count', {}))).text);
}

/** Every lost answer that has an end is stored. */
const settled = ({ context }: LossyServer) => context.lostAnswers.idle(60_000);

async function storedAnswers({ context }: LossyServer): Promise<number> {
  const rows = await context.database.read((session) =>
    session.all(session.sql.selectFrom('mintaka_lost_answer').select('id')),
  );
  return rows.length;
}

for (const dialect of dialects) {
  const it = (name: string, work: (place: Place, server: LossyServer) => Promise<void>) =>
    test(`${name}, on ${dialect}`, async (t) => {
      const place = await openPlace(dialect);
      if (place === undefined) return t.skip('Postgres is not installed');
      t.after(place.drop);
      await work(place, await place.open());
    });

  it('a lost answer is given once: a third equal request is executed', async (_place, server) => {
    const create = post('/flow_runs/', { flow_id: await aFlow(server) });
    assert.equal(await server.lose(create), undefined);
    await settled(server);
    assert.equal(await storedAnswers(server), 1);
    const second = await server.send(create);
    const third = await server.send(create);
    assert.deepEqual([second.status, third.status], [201, 201]);
    assert.notEqual(idOf(second), idOf(third));
    assert.equal(await countRuns(server), 2);
    assert.equal(await storedAnswers(server), 0);
  });

  it('a lost answer that is lost again is kept for the next attempt', async (_place, server) => {
    const create = post('/flow_runs/', { flow_id: await aFlow(server) });
    for (let tries = 0; tries < 3; tries += 1) {
      assert.equal(await server.lose(create), undefined);
      await settled(server);
    }
    assert.equal((await server.send(create)).status, 201);
    assert.equal(await countRuns(server), 1);
  });

  it('equal requests whose answers were all lost get one each', async (_place, { context }) => {
    const { lostAnswers } = context;
    const bodies = ['a', 'b', 'c'];
    for (const body of bodies)
      lostAnswers.keep('equal', Promise.resolve({ status: 201, body }), assert.ifError);
    await lostAnswers.idle(60_000);
    const taken = [];
    for (const _ of bodies) taken.push((await lostAnswers.take('equal'))?.body);
    assert.deepEqual(taken.toSorted(), bodies);
    assert.equal(await lostAnswers.take('equal'), undefined);
  });

  it('a request that arrives while the first one is running waits for it', async (_place, server) => {
    const create = post('/flow_runs/', { flow_id: await aFlow(server) });
    let again: Promise<Received> | undefined;
    await server.lose(create, async () => {
      again = server.send(create);
      await new Promise((next) => server.app.server.once('request', next));
    });
    assert.equal((await again)?.status, 201);
    assert.equal(await countRuns(server), 1);
    assert.equal(await storedAnswers(server), 0);
  });

  it('the next process of the server knows the answers that the last one lost', async (place, server) => {
    const create = post('/flow_runs/', { flow_id: await aFlow(server) });
    await server.lose(create);
    await server.close();
    const next = await place.open();
    assert.equal((await next.send(create)).status, 201);
    assert.equal(await countRuns(next), 1);
    assert.equal(await storedAnswers(next), 0);
  });

  it('only one of two servers that know a lost answer gives it', async (place, server) => {
    const other = await place.open();
    const create = post('/flow_runs/', { flow_id: await aFlow(server) });
    await server.lose(create);
    await settled(server);
    await other.context.lostAnswers.learn();
    const answers = await Promise.all([server.send(create), other.send(create)]);
    assert.equal(new Set(answers.map(idOf)).size, 2);
    assert.equal(await countRuns(server), 2);
  });

  it('answers that were received, refusals, reads and polls are not kept', async (_place, server) => {
    const flow_id = await aFlow(server);
    await server.send(post('/flow_runs/', { flow_id }));
    const { id: queue } = JSON.parse((await server.send(post('/work_queues/', { name: 'q' }))).text);
    const nowhere = '/flow_runs/6f9619ff-8b86-4d01-b42d-00cf4fc964ff';
    const nothing: Sent[] = [
      { method: 'DELETE', path: nowhere },
      { method: 'PATCH', path: nowhere, body: '{"name": "x"}' },
      post('/block_types/', { name: 'twice', slug: 'twice' }),
      post('/work_pools/default-agent-pool/workers/heartbeat', { name: 'w' }),
      post(`/work_queues/${queue}/get_runs`, {}),
      post('/flow_runs/filter', {}),
      post('/flows/', {}),
    ];
    await server.send(post('/block_types/', { name: 'twice', slug: 'twice' }));
    for (const sent of nothing) await server.lose(sent);
    await settled(server);
    assert.equal(server.context.lostAnswers.isEmpty(), true);
    assert.equal(await storedAnswers(server), 0);
  });

  it('a request with another address, key, version, path, query or body does not get the answer', async (_place, server) => {
    const flow_id = await aFlow(server);
    const body = { flow_id };
    const create = post('/flow_runs/', body, { 'x-forwarded-for': '10.0.0.1, 10.0.0.9' });
    await server.lose(create);
    await settled(server);
    const different: Sent[] = [
      post('/flow_runs/', body),
      post('/flow_runs/', body, { 'x-forwarded-for': '10.0.0.2' }),
      { ...create, headers: { ...create.headers, 'idempotency-key': 'k' } },
      { ...create, headers: { ...create.headers, 'x-prefect-api-version': '0.8.4' } },
      { ...create, headers: { ...create.headers, 'user-agent': 'another' } },
      { ...create, path: '/flow_runs/?a=b' },
      { ...create, body: JSON.stringify({ ...body, name: 'n' }) },
    ];
    const ids = new Set<string>();
    for (const sent of different) ids.add(idOf(await server.send(sent)));
    assert.equal(ids.size, different.length);
    assert.equal(await countRuns(server), different.length + 1);
    // Other proxies on the way do not matter.
    await server.send({ ...create, headers: { 'x-forwarded-for': '10.0.0.1' } });
    assert.equal(await countRuns(server), different.length + 1);
  });

  it('an answer of up to 1,048,576 characters is kept, a longer one is not', async (_place, server) => {
    const flow_id = await aFlow(server);
    const sized = (length: number) =>
      post('/flow_runs/', { flow_id, name: 'x', parameters: { a: 'x'.repeat(length) } });
    const { text } = await server.send(sized(0));
    const room = 1024 * 1024 - text.length;
    // The text of a duration in the answer varies slightly in length.
    const fitting = sized(room - 100);
    const longer = sized(room + 100);
    await server.lose(fitting);
    await settled(server);
    assert.equal(await storedAnswers(server), 1);
    await server.send(fitting);
    assert.equal(await countRuns(server), 2);
    await server.lose(longer);
    await settled(server);
    assert.equal(await storedAnswers(server), 0);
    await server.send(longer);
    assert.equal(await countRuns(server), 4);
  });

  it('a lost answer is kept for two minutes, and deleted after an hour', async (place, server) => {
    let passed = 0;
    const late = await place.open({ now: () => addSeconds(systemClock.now(), passed) });
    const create = post('/flow_runs/', { flow_id: await aFlow(server) });
    await late.lose(create);
    await settled(late);
    passed = lostAnswerSeconds + 1;
    await late.send(create);
    assert.equal(await countRuns(server), 2, 'the answer was too old');
    await late.context.lostAnswers.learn();
    assert.equal(late.context.lostAnswers.isEmpty(), true);
    assert.equal(await storedAnswers(late), 1);
    await forgetExpiredAnswers(late.context);
    assert.equal(await storedAnswers(late), 0);
  });
}
