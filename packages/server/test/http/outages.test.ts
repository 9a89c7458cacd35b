import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { type TestApp, testApp } from '@mintaka/testing/app';
import type { Reply } from '@mintaka/testing/dialect-apps';
import { openHasty, type TestPostgres, testPostgres } from '@mintaka/testing/postgres';
import { type Piece, startTcpProxy, type TcpProxy } from '@mintaka/testing/tcp-proxy';

const postgres = await testPostgres({ migrated: true });
const skip = postgres === undefined && 'Postgres is not installed';
const running = { state: { type: 'RUNNING', message: 'go' } };

describe('requests while Postgres is unavailable', { skip }, () => {
  let place: TestPostgres;
  let proxy: TcpProxy;
  let server: TestApp;

  before(async () => {
    assert.ok(postgres !== undefined);
    place = postgres;
    proxy = await startTcpProxy(place.url);
    server = await testApp({}, { database: await openHasty(proxy.through(place.url)) });
  });
  afterEach(() => proxy.decide(undefined));
  after(async () => {
    await server.close();
    await proxy.close();
    await place.drop();
  });

  const send = async (method: 'GET' | 'POST', url: string, body?: object): Promise<Reply> => {
    const payload = body === undefined ? {} : { payload: body };
    const answer = await server.app.inject({ method, url: `/api${url}`, ...payload });
    return { status: answer.statusCode, body: answer.json() };
  };
  const makeRun = async (): Promise<string> => {
    const flow = await send('POST', '/flows/', { name: 'a' });
    return (await send('POST', '/flow_runs/', { flow_id: flow.body.id })).body.id;
  };
  const statesOf = async (run: string): Promise<string[]> => {
    const { body } = await send('GET', `/flow_run_states/?flow_run_id=${run}`);
    return body.map(({ type }: { type: string }) => type);
  };
  /** The answer of the server that a commit is done. */
  const isCommitted = ({ from, data }: Piece) => from === 'server' && data.includes('COMMIT\0');

  test('they are answered with 503 and a delay for the retry, and succeed when it is back', async () => {
    await proxy.refuse();
    const answer = await server.app.inject({ method: 'POST', url: '/api/flows/', payload: { name: 'away' } });
    assert.equal(answer.statusCode, 503);
    assert.equal(answer.headers['retry-after'], '2');
    const detail = 'The database cannot be used at the moment: it cannot be reached.';
    assert.deepEqual(answer.json(), { detail });
    assert.equal((await send('POST', '/flows/filter', {})).status, 503);
    assert.equal((await send('GET', '/health')).status, 200);
    await proxy.accept();
    assert.equal((await send('POST', '/flows/', { name: 'away' })).status, 201);
  });

  test('a committed state change is accepted although the answer of the database was lost', async () => {
    const run = await makeRun();
    proxy.decide((piece) => (isCommitted(piece) ? 'cut' : 'forward'));
    const { status, body } = await send('POST', `/flow_runs/${run}/set_state`, running);
    assert.deepEqual([status, body.status], [201, 'ACCEPT']);
    proxy.decide(undefined);
    assert.deepEqual(await statesOf(run), ['PENDING', 'RUNNING']);
  });

  test('if the database stays unavailable, the client is told to retry, and then gets the lost answer', async () => {
    const run = await makeRun();
    let refused: Promise<void> | undefined;
    proxy.decide((piece) => {
      if (!isCommitted(piece) || refused !== undefined) return 'forward';
      refused = proxy.refuse();
      return 'cut';
    });
    assert.equal((await send('POST', `/flow_runs/${run}/set_state`, running)).status, 503);
    await refused;
    await proxy.accept();
    const again = await send('POST', `/flow_runs/${run}/set_state`, running);
    assert.deepEqual([again.status, again.body.status, again.body.state.type], [200, 'ACCEPT', 'RUNNING']);
    const rival = await send('POST', `/flow_runs/${run}/set_state`, running);
    assert.equal(rival.body.status, 'ABORT', 'only one client is accepted');
    assert.deepEqual(await statesOf(run), ['PENDING', 'RUNNING']);
  });

  /** Does `work`, at whose commit the database goes away until the client was told to retry. */
  const whileAway = async (work: () => Promise<Reply>): Promise<void> => {
    let refused: Promise<void> | undefined;
    proxy.decide((piece) => {
      if (!isCommitted(piece) || refused !== undefined) return 'forward';
      refused = proxy.refuse();
      return 'cut';
    });
    assert.equal((await work()).status, 503);
    await refused;
    await proxy.accept();
  };

  test('everything committed while the database went away is answered on the retry', async () => {
    const flow = await send('POST', '/flows/', { name: 'a' });
    const create = () => send('POST', '/flow_runs/', { flow_id: flow.body.id, name: 'made once' });
    await whileAway(create);
    const created = await create();
    assert.equal(created.status, 201);
    const url = `/api/flow_runs/${created.body.id}`;
    const remove = async () => ({
      status: (await server.app.inject({ method: 'DELETE', url })).statusCode,
      body: '',
    });
    const rename = async () => {
      const answer = await server.app.inject({ method: 'PATCH', url, payload: { name: 'renamed' } });
      return { status: answer.statusCode, body: '' };
    };
    const named = { flow_runs: { name: { any_: ['made once', 'renamed'] } } };
    assert.equal((await send('POST', '/flow_runs/count', named)).body, 1);
    await whileAway(rename);
    assert.equal((await rename()).status, 204);
    await whileAway(remove);
    assert.equal((await remove()).status, 204);
    assert.equal((await remove()).status, 404);
    assert.equal((await send('POST', '/flow_runs/count', named)).body, 0);
  });

  test('log lines are stored once, although the answer to their commit was lost', async () => {
    const run = await makeRun();
    let cut = false;
    proxy.decide((piece) => {
      if (!isCommitted(piece) || cut) return 'forward';
      cut = true;
      return 'cut';
    });
    const line = {
      name: 'a',
      level: 20,
      message: 'once',
      timestamp: '2026-01-01T00:00:00Z',
      flow_run_id: run,
    };
    assert.equal((await send('POST', '/logs/', [line] as object)).status, 201);
    assert.equal((await send('POST', '/logs/filter', {})).body.length, 1);
  });

  test('frequent requests of running flows need no transaction id; a rare change does', async () => {
    let asked = 0;
    proxy.cutAll(); // A statement's text is sent once per connection.
    proxy.decide(({ data }) => {
      if (data.includes('txid_current_if_assigned')) asked += 1;
      return 'forward';
    });
    const flow = await send('POST', '/flows/', { name: 'often' });
    const state = { type: 'PENDING' };
    const run = await send('POST', '/flow_runs/', { flow_id: flow.body.id, state });
    const task = { flow_run_id: run.body.id, task_key: 't', dynamic_key: '0', state };
    const taskRun = await send('POST', '/task_runs/', task);
    await send('POST', `/flow_runs/${run.body.id}/set_state`, running);
    await send('POST', `/task_runs/${taskRun.body.id}/set_state`, running);
    const line = { name: 'a', level: 20, message: 'm', timestamp: '2026-01-01T00:00:00Z' };
    await send('POST', '/logs/', [{ ...line, flow_run_id: run.body.id }] as object);
    const url = '/api/work_pools/default-agent-pool/workers/heartbeat';
    await server.app.inject({ method: 'POST', url, payload: { name: 'worker' } });
    assert.equal(asked, 0);
    await server.app.inject({ method: 'PATCH', url: `/api/flows/${flow.body.id}`, payload: { tags: ['t'] } });
    assert.equal(asked, 1);
  });
});
