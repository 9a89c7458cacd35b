import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { type DialectApp, inEachApp } from '@mintaka/testing/dialect-apps';

const running = { state: { type: 'RUNNING', message: 'go' } };

inEachApp('repeated requests', (it) => {
  async function makeRun(app: DialectApp): Promise<string> {
    const flow = await app.send('POST', '/api/flows/', { name: 'a' });
    const run = await app.send('POST', '/api/flow_runs/', { flow_id: flow.body.id });
    return run.body.id;
  }

  it('two equal proposals without an id: the second is a rival and is aborted', async (server) => {
    const run = await makeRun(server);
    const first = await server.send('POST', `/api/flow_runs/${run}/set_state`, running);
    const second = await server.send('POST', `/api/flow_runs/${run}/set_state`, running);
    assert.deepEqual([first.status, first.body.status], [201, 'ACCEPT']);
    assert.deepEqual([second.status, second.body.status], [200, 'ABORT']);
  });

  it('the same request with its key gets the same answer, and writes nothing', async (server) => {
    const run = await makeRun(server);
    const set = (key: string, body: object) =>
      server.send('POST', `/api/flow_runs/${run}/set_state`, body, { 'idempotency-key': key });
    const withData = { state: { type: 'RUNNING', data: { held: 'here' } } };
    const first = await set('one', withData);
    const again = await set('one', withData);
    assert.deepEqual([first?.status, again?.status], [201, 200]);
    assert.deepEqual(again?.body, first?.body);
    const states = await server.send('GET', `/api/flow_run_states/?flow_run_id=${run}`);
    assert.equal(states.body.length, 2);
    assert.equal((await set('two', withData))?.body.status, 'ABORT');
    assert.equal((await set('one', { state: { type: 'RUNNING' } }))?.body.status, 'ABORT');
  });

  it('a request whose connection broke before the answer gets it when it is repeated, once', async (server) => {
    const { app } = server;
    const { database } = server.context;
    const run = await makeRun(server);
    const address = new URL(await app.listen({ host: '127.0.0.1', port: 0 }));
    const body = JSON.stringify(running);
    const request = `POST /api/flow_runs/${run}/set_state HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

    // The server is busy with another transaction on the run while its client disconnects.
    const holding = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    const holder = database.transaction(async (session) => {
      await session.dialect.questions.stateChange.flowRun(session, run);
      held.resolve();
      await holding.promise;
    });
    await held.promise;
    const arrived = once(app.server, 'request');
    const socket = connect(Number(address.port), '127.0.0.1');
    socket.write(request);
    const [, response] = await arrived;
    socket.destroy();
    await once(response, 'close');
    holding.resolve();
    await holder;

    const remembered = () =>
      database.read((session) =>
        session.first(
          session.sql.selectFrom('mintaka_answered_request').select('run_id').where('run_id', '=', run),
        ),
      );
    for (let turn = 0; (await remembered()) === undefined; turn += 1) {
      assert.ok(turn < 100_000, 'the lost answer is not remembered');
      await new Promise((next) => setImmediate(next));
    }
    const again = await server.send('POST', `/api/flow_runs/${run}/set_state`, running);
    const rival = await server.send('POST', `/api/flow_runs/${run}/set_state`, running);
    assert.deepEqual([again.status, again.body.status, again.body.state.type], [200, 'ACCEPT', 'RUNNING']);
    assert.equal(rival.body.status, 'ABORT');
  });
});
