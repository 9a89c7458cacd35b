import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { dialectApp, dialects } from '@mintaka/testing/dialect-apps';

type Listed = { operation: string; params?: object; body?: unknown };

/** A server with a flow run, and a way to send lists. */
async function open(context: TestContext, dialect: (typeof dialects)[number]) {
  const server = await dialectApp(dialect);
  if (server === undefined) {
    context.skip('Postgres is not installed');
    return undefined;
  }
  context.after(server.close);
  const flow = await server.send('POST', '/api/flows/', { name: 'flow' });
  const run = await server.send('POST', '/api/flow_runs/', { flow_id: flow.body.id });
  const send = (operations: Listed[], more: { id?: string; mode?: string } = {}) =>
    server.send('POST', '/api/mintaka/operations', { id: randomUUID(), operations, ...more });
  const count = async (kind: 'flow_runs' | 'task_runs') =>
    (await server.send('POST', `/api/${kind}/count`, {})).body;
  return { server, flowId: flow.body.id, runId: run.body.id, send, count };
}

const taskRun = (flow_run_id: string, dynamic_key: string) => ({
  operation: 'taskRuns.create',
  body: { flow_run_id, task_key: 'task', dynamic_key },
});
const setState = (operation: 'taskRuns.setState' | 'flowRuns.setState', id: string, type: string) => ({
  operation,
  params: { id },
  body: { state: { type } },
});
const line = (flow_run_id: string, message: string) => ({
  name: 'logger',
  level: 20,
  message,
  timestamp: '2026-06-01T12:00:00Z',
  flow_run_id,
});

for (const dialect of dialects) {
  test(`a list runs its operations in order and can refer to earlier results, on ${dialect}`, async (context) => {
    const place = await open(context, dialect);
    if (place === undefined) return;
    const { server, flowId, send } = place;
    const answer = await send([
      {
        operation: 'flowRuns.create',
        body: { flow_id: flowId, name: 'made', parameters: { cost_id: '$0.50', n: 1.0 } },
      },
      setState('flowRuns.setState', '$0.id', 'RUNNING'),
      taskRun('$0.id', 'first'),
      setState('taskRuns.setState', '$2.id', 'RUNNING'),
      {
        operation: 'logs.create',
        body: [line('$0.id', '$0.id'), { ...line('$0.id', 'two'), task_run_id: '$2.id' }],
      },
      { operation: 'flowRuns.read', params: { id: '$0.id' } },
    ]);
    assert.equal(answer.status, 200);
    assert.equal(answer.body.committed, true);
    const { results } = answer.body;
    assert.deepEqual(
      results.map(({ status }: { status: number }) => status),
      [201, 201, 201, 201, 201, 200],
    );
    const [run, , task, running, , read] = results.map(({ body }: { body: unknown }) => body);
    assert.equal(running.state.type, 'RUNNING');
    assert.equal(task.flow_run_id, run.id);
    // A parameter that looks like a reference is not changed.
    assert.equal(read.parameters.cost_id, '$0.50');
    assert.equal(read.state_type, 'RUNNING');
    const logs = await server.send('POST', '/api/logs/filter', {});
    assert.deepEqual(
      logs.body
        .map((log: { message: string; task_run_id: string | null }) => [log.message, log.task_run_id])
        .sort(),
      [
        ['$0.id', null],
        ['two', task.id],
      ],
    );
  });

  test(`a list in the mode together is undone if one operation is refused, and the answer names it, on ${dialect}`, async (context) => {
    const place = await open(context, dialect);
    if (place === undefined) return;
    const { runId, send, count } = place;
    const missing = randomUUID();
    const list = [
      taskRun(runId, 'first'),
      setState('taskRuns.setState', missing, 'RUNNING'),
      taskRun(runId, 'second'),
    ];
    const { body } = await send(list);
    assert.deepEqual(body, {
      id: body.id,
      committed: false,
      results: [
        { status: 424, body: { detail: 'It was undone, because operation 1 was refused.' } },
        { status: 404, body: { exception_message: `Task run with id ${missing} not found` } },
        { status: 424, body: { detail: 'It was not done, because operation 1 was refused.' } },
      ],
    });
    assert.equal(await count('task_runs'), 0);
    // Nothing was committed, so the id can be used again, for this list or another.
    assert.equal((await send([taskRun(runId, 'first')], { id: body.id })).body.committed, true);
    assert.equal(await count('task_runs'), 1);
  });

  test(`a list in the mode each commits the operations that were not refused, on ${dialect}`, async (context) => {
    const place = await open(context, dialect);
    if (place === undefined) return;
    const { server, flowId, runId, send, count } = place;
    await server.send('POST', `/api/flow_runs/${runId}/set_state`, { state: { type: 'RUNNING' } });
    const { body } = await send(
      [
        taskRun(runId, 'first'),
        {
          operation: 'taskRuns.create',
          body: { flow_run_id: randomUUID(), task_key: 'task', dynamic_key: '0' },
        },
        setState('taskRuns.setState', '$1.id', 'RUNNING'),
        setState('taskRuns.setState', '$0.id', 'RUNNING'),
        { operation: 'flowRuns.create', body: { flow_id: flowId } },
      ],
      { mode: 'each' },
    );
    assert.equal(body.committed, true);
    assert.deepEqual(
      body.results.map(({ status }: { status: number }) => status),
      [201, 409, 424, 201, 201],
    );
    assert.deepEqual(body.results[2].body, { detail: 'Operation 1 has no result with a field "id".' });
    assert.equal(await count('task_runs'), 1);
    assert.equal(await count('flow_runs'), 2);
  });

  test(`a reference to a text that is not an id fails its operation, on ${dialect}`, async (context) => {
    const place = await open(context, dialect);
    if (place === undefined) return;
    const { server, runId, send } = place;
    const read = { operation: 'flowRuns.read', params: { id: runId } };
    const { status, body } = await send(
      [
        read,
        { operation: 'logs.create', body: [line('$0.name', 'lost')] },
        { operation: 'flowRuns.read', params: { id: '$0.created' } },
        { operation: 'flowRuns.read', params: { id: '$0.id' } },
      ],
      { mode: 'each' },
    );
    assert.equal(status, 200);
    assert.deepEqual(
      body.results.map(({ status }: { status: number }) => status),
      [200, 424, 424, 200],
    );
    assert.deepEqual(body.results[1].body, {
      detail: 'The field "name" in the result of operation 0 is not an id.',
    });
    assert.deepEqual((await server.send('POST', '/api/logs/filter', {})).body, []);
  });

  test(`a list whose results are too large is refused as a whole, on ${dialect}`, async (context) => {
    const place = await open(context, dialect);
    if (place === undefined) return;
    const { runId, flowId, send, count } = place;
    const update = {
      operation: 'flowRuns.update',
      params: { id: runId },
      body: { parameters: { text: 'x'.repeat(8_000_000) } },
    };
    const read = { operation: 'flowRuns.read', params: { id: runId } };
    const create = { operation: 'flowRuns.create', body: { flow_id: flowId } };
    assert.equal((await send([update, read])).status, 200);
    const { status, body } = await send([create, ...Array.from({ length: 9 }, () => read)], { mode: 'each' });
    assert.equal(status, 422);
    assert.match(body.detail, /^The results of the list have more than 67108864 characters/);
    assert.equal(await count('flow_runs'), 1);
  });

  test(`a repeated list gets the first answer and runs nothing, on ${dialect}`, async (context) => {
    const place = await open(context, dialect);
    if (place === undefined) return;
    const { flowId, runId, send, count } = place;
    const id = randomUUID();
    const list = [taskRun(runId, 'first'), { operation: 'flowRuns.create', body: { flow_id: flowId } }];
    const answers = await Promise.all([send(list, { id }), send(list, { id }), send(list, { id })]);
    answers.push(await send(list, { id }));
    for (const answer of answers) assert.deepEqual(answer, answers[0]);
    assert.equal(answers[0]?.body.committed, true);
    assert.equal(await count('flow_runs'), 2);
    assert.deepEqual(await send([taskRun(runId, 'other')], { id }), {
      status: 409,
      body: { detail: `The id ${id} was used for another list of operations.` },
    });
  });

  test(`the refusal of an invalid list names the operation and the field, on ${dialect}`, async (context) => {
    const place = await open(context, dialect);
    if (place === undefined) return;
    const { runId, send } = place;
    const complaints = async (operations: unknown[]) => {
      const { status, body } = await send(operations as Listed[]);
      assert.equal(status, 422, JSON.stringify(body));
      return body.exception_detail.map(
        ({ loc, msg }: { loc: unknown[]; msg: string }) => `${loc.slice(1).join('.')}: ${msg}`,
      );
    };
    assert.deepEqual(await complaints([]), ['operations: ensure this value has at least 1 items']);
    assert.deepEqual(
      await complaints([
        taskRun(runId, 'first'),
        { operation: 'taskRuns.create', body: { flow_run_id: 'x', dynamic_key: 1, other: 2 } },
        { operation: 'flowRuns.read', params: { id: 'x' }, body: {} },
        { operation: 'flowRuns.read', more: 1 },
        { operation: 'flows.delete', params: { id: runId } },
        7,
      ]).then((lines) => lines.map((text: string) => text.split(';')[0])),
      [
        'operations.1.body.flow_run_id: value is not a valid uuid',
        'operations.1.body.task_key: field required',
        'operations.1.body.other: extra fields not permitted',
        'operations.2.params.id: value is not a valid uuid',
        'operations.2.body: flowRuns.read takes no body',
        'operations.3.more: extra fields not permitted',
        'operations.3.params: field required',
        'operations.4.operation: value is not a valid enumeration member',
        'operations.5: value is not a valid dict',
      ],
    );
    assert.deepEqual(await complaints([taskRun('$0.id', 'first')]), [
      'operations.0.body.flow_run_id: $0.id refers to operation 0, which must come before operation 0',
    ]);
  });
}
