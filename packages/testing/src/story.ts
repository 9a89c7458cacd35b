import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Operations } from '@mintaka/contract';
import type { Client } from '@mintaka/contract/client';

/** One part of the story: its topic and its steps. Chapters are independent of each other. */
export type Chapter = { name: string; tell: (client: Client<Operations>) => Promise<void> };

/** Uses every operation of the API, each on something that is there. The last chapter empties the database. */
export const story: readonly Chapter[] = [
  { name: 'the server', tell: tellOfServer },
  { name: 'flows', tell: tellOfFlows },
  { name: 'flow runs', tell: tellOfFlowRuns },
  { name: 'task runs', tell: tellOfTaskRuns },
  { name: 'logs', tell: tellOfLogs },
  { name: 'concurrency limits', tell: tellOfLimits },
  { name: 'saved searches', tell: tellOfSearches },
  { name: 'blocks', tell: tellOfBlocks },
  { name: 'notification policies', tell: tellOfPolicies },
  { name: 'work queues', tell: tellOfQueues },
  { name: 'work pools', tell: tellOfPools },
  { name: 'deployments', tell: tellOfDeployments },
  { name: 'the database', tell: tellOfDatabase },
];

/** The value of an answer, which must have the given status. */
async function answered<A extends { status: number; value: unknown }, Status extends A['status']>(
  status: Status,
  call: Promise<A>,
): Promise<Extract<A, { status: Status }>['value']> {
  const answer = await call;
  assert.equal(answer.status, status);
  return answer.value as Extract<A, { status: Status }>['value'];
}

async function tellOfServer({ root, admin }: Client<Operations>): Promise<void> {
  assert.equal(await root.health(), true);
  assert.equal(await root.hello(), '👋');
  assert.equal(await root.version(), '0.8.4');
  assert.equal(await admin.readVersion(), '2.8.0');
  assert.ok('PREFECT_HOME' in (await admin.readSettings()));
}

async function tellOfFlows({ flows }: Client<Operations>): Promise<void> {
  const body = { name: 'a flow: 100 ?#+ü', tags: ['told'] };
  const flow = await answered(201, flows.create.withStatus({ body }));
  const found = await answered(200, flows.create.withStatus({ body: { name: flow.name } }));
  assert.equal(found.id, flow.id);
  const params = { id: flow.id };
  assert.deepEqual(await flows.read({ params }), found);
  assert.deepEqual(await flows.readByName({ params: { name: flow.name } }), found);
  assert.equal(await flows.update({ params, body: { tags: ['changed'] } }), undefined);
  const [listed] = await flows.filter({ body: { flows: { name: { any_: [flow.name] } } } });
  assert.deepEqual(listed?.tags, ['changed']);
  assert.equal(await flows.count({ body: { flows: { id: { any_: [flow.id] } } } }), 1);
  await answered(204, flows.delete.withStatus({ params }));
}

async function aFlow({ flows }: Client<Operations>, name: string): Promise<string> {
  return (await flows.create({ body: { name } })).id;
}

const day = {
  history_start: '2026-06-01T00:00:00Z',
  history_end: '2026-06-02T00:00:00Z',
  history_interval_seconds: 3600,
};

async function tellOfFlowRuns(client: Client<Operations>): Promise<void> {
  const { flowRuns, flowRunStates, ui } = client;
  const body = {
    flow_id: await aFlow(client, 'has runs'),
    idempotency_key: 'once',
    parameters: { any: ['json', 1, null, { nested: true }] },
    state: { type: 'PENDING' },
  } as const;
  const run = await answered(201, flowRuns.create.withStatus({ body }));
  assert.equal((await answered(200, flowRuns.create.withStatus({ body }))).id, run.id);
  assert.deepEqual(run.parameters, body.parameters);
  const params = { id: run.id };
  await flowRuns.update({ params, body: { name: 'renamed' } });
  const running = flowRuns.setState.withStatus({ params, body: { state: { type: 'RUNNING' } } });
  assert.equal((await answered(201, running)).status, 'ACCEPT');
  const pause = { type: 'PAUSED', state_details: { pause_timeout: '2100-01-01T00:00:00Z' } } as const;
  await answered(201, flowRuns.setState.withStatus({ params, body: { state: pause, force: true } }));
  assert.equal((await answered(201, flowRuns.resume.withStatus({ params }))).state?.type, 'RUNNING');
  const states = await flowRunStates.list({ query: { flow_run_id: run.id } });
  assert.deepEqual(states.map(({ type }) => type).toSorted(), ['PAUSED', 'PENDING', 'RUNNING', 'RUNNING']);
  const { state_id, name } = await flowRuns.read({ params });
  assert.equal(name, 'renamed');
  assert.equal((await flowRunStates.read({ params: { id: String(state_id) } })).type, 'RUNNING');
  assert.equal((await flowRuns.filter({ body: { sort: 'NAME_ASC' } })).length, 1);
  assert.equal(await flowRuns.count(), 1);
  assert.equal((await flowRuns.history({ body: day })).length, 24);
  assert.equal((await ui.plotFlowRuns()).length, 1);
  await flowRuns.delete({ params });
}

async function aFlowRun(client: Client<Operations>, flow: string): Promise<string> {
  const flow_id = await aFlow(client, flow);
  return (await client.flowRuns.create({ body: { flow_id } })).id;
}

async function tellOfTaskRuns(client: Client<Operations>): Promise<void> {
  const { flowRuns, taskRuns, taskRunStates } = client;
  const flowRun = await aFlowRun(client, 'has tasks');
  const body = { flow_run_id: flowRun, task_key: 'task', dynamic_key: '0' };
  const run = await answered(201, taskRuns.create.withStatus({ body }));
  assert.equal((await answered(200, taskRuns.create.withStatus({ body }))).id, run.id);
  const params = { id: run.id };
  await taskRuns.update({ params, body: { name: 'renamed' } });
  const completed = taskRuns.setState.withStatus({ params, body: { state: { type: 'COMPLETED' } } });
  assert.equal((await answered(201, completed)).state?.name, 'Completed');
  assert.ok((await taskRunStates.list({ query: { task_run_id: run.id } })).length > 0);
  const { state_id, name } = await taskRuns.read({ params });
  assert.equal(name, 'renamed');
  assert.equal((await taskRunStates.read({ params: { id: String(state_id) } })).type, 'COMPLETED');
  assert.equal((await taskRuns.filter()).length, 1);
  assert.equal(await taskRuns.count(), 1);
  assert.equal((await taskRuns.history({ body: day })).length, 24);
  assert.deepEqual(
    (await flowRuns.readGraph({ params: { id: flowRun } })).map(({ id }) => id),
    [run.id],
  );
  await taskRuns.delete({ params });
}

async function tellOfLogs(client: Client<Operations>): Promise<void> {
  const { logs } = client;
  const flow_run_id = await aFlowRun(client, 'has logs');
  const line = { name: 'prefect', level: 20, message: 'told', timestamp: '2026-06-01T12:00:00Z' };
  assert.equal(await answered(201, logs.create.withStatus({ body: [{ ...line, flow_run_id }] })), null);
  const [kept] = await logs.filter({ body: { logs: { flow_run_id: { any_: [flow_run_id] } } } });
  assert.equal(kept?.message, 'told');
}

async function tellOfLimits({ concurrencyLimits }: Client<Operations>): Promise<void> {
  const limit = await concurrencyLimits.create({ body: { tag: 'one', concurrency_limit: 1 } });
  await concurrencyLimits.create({ body: { tag: 'two & ü', concurrency_limit: 2 } });
  assert.deepEqual(await concurrencyLimits.read({ params: { id: limit.id } }), limit);
  assert.equal((await concurrencyLimits.readByTag({ params: { tag: 'two & ü' } })).concurrency_limit, 2);
  assert.equal((await concurrencyLimits.filter()).length, 2);
  const body = { slot_override: [randomUUID()] };
  assert.equal(await concurrencyLimits.resetByTag({ params: { tag: 'one' }, body }), null);
  assert.equal(await concurrencyLimits.delete({ params: { id: limit.id } }), null);
  assert.equal(await concurrencyLimits.deleteByTag({ params: { tag: 'two & ü' } }), null);
}

async function tellOfSearches({ savedSearches }: Client<Operations>): Promise<void> {
  const criterion = {
    object: 'flow_run',
    property: 'name',
    type: 'string',
    operation: 'is',
    value: ['a', 1],
  };
  const body = { name: 'mine', filters: [criterion] };
  const search = await answered(201, savedSearches.save.withStatus({ body }));
  await answered(200, savedSearches.save.withStatus({ body }));
  assert.deepEqual((await savedSearches.read({ params: { id: search.id } })).filters, [criterion]);
  assert.equal((await savedSearches.filter()).length, 1);
  await savedSearches.delete({ params: { id: search.id } });
}

async function tellOfBlocks(client: Client<Operations>): Promise<void> {
  const { blockTypes, blockSchemas, blockCapabilities, blockDocuments } = client;
  assert.equal(await blockTypes.installSystemTypes(), null);
  const type = await blockTypes.create({ body: { name: 'Kind', slug: 'kind' } });
  await blockTypes.update({ params: { id: type.id }, body: { description: 'changed' } });
  assert.equal((await blockTypes.read({ params: { id: type.id } })).description, 'changed');
  assert.equal((await blockTypes.readBySlug({ params: { slug: 'kind' } })).id, type.id);
  assert.ok((await blockTypes.filter()).length > 0);

  const fields = { title: 'Kind', block_type_slug: 'kind', block_schema_references: {} };
  const body = { block_type_id: type.id, fields, capabilities: ['told'] };
  const schema = await answered(201, blockSchemas.create.withStatus({ body }));
  await answered(200, blockSchemas.create.withStatus({ body }));
  assert.deepEqual((await blockSchemas.read({ params: { id: schema.id } })).fields, fields);
  const { checksum } = schema;
  assert.equal((await blockSchemas.readByChecksum({ params: { checksum } })).id, schema.id);
  assert.ok((await blockSchemas.filter()).length > 0);
  assert.ok((await blockCapabilities.list()).includes('told'));

  const kind = { block_type_id: type.id, block_schema_id: schema.id };
  const document = await blockDocuments.create({ body: { name: 'first', data: { a: 1 }, ...kind } });
  const params = { id: document.id };
  await blockDocuments.update({ params, body: { data: { a: 2 } } });
  assert.deepEqual((await blockDocuments.read({ params, query: { include_secrets: true } })).data, { a: 2 });
  assert.equal((await blockDocuments.filter()).length, 1);
  const byType = await blockTypes.readDocuments({ params: { slug: 'kind' } });
  assert.deepEqual(
    byType.map(({ id }) => id),
    [document.id],
  );
  const place = { slug: 'kind', block_document_name: 'first' };
  assert.equal((await blockTypes.readDocumentByName({ params: place })).id, document.id);
  await blockDocuments.delete({ params });
  await blockSchemas.delete({ params: { id: schema.id } });
  await blockTypes.delete({ params: { id: type.id } });
}

async function tellOfPolicies(client: Client<Operations>): Promise<void> {
  const { flowRunNotificationPolicies: policies } = client;
  const type = await client.blockTypes.create({ body: { name: 'Told', slug: 'told' } });
  const schema = await client.blockSchemas.create({ body: { block_type_id: type.id, fields: {} } });
  const kind = { block_type_id: type.id, block_schema_id: schema.id };
  const block = await client.blockDocuments.create({ body: { name: 'told', ...kind } });
  const body = { is_active: true, state_names: ['Failed'], tags: [], block_document_id: block.id };
  const { id } = await policies.create({ body });
  await policies.update({ params: { id }, body: { is_active: false } });
  assert.equal((await policies.read({ params: { id } })).is_active, false);
  assert.equal((await policies.filter()).length, 1);
  await policies.delete({ params: { id } });
}

async function tellOfQueues({ workQueues }: Client<Operations>): Promise<void> {
  const { id } = await workQueues.create({ body: { name: 'told' } });
  const params = { id };
  assert.equal((await workQueues.read({ params })).name, 'told');
  assert.equal((await workQueues.readByName({ params: { name: 'told' } })).id, id);
  assert.equal((await workQueues.readStatus({ params })).late_runs_count, 0);
  await workQueues.update({ params, body: { is_paused: false } });
  assert.deepEqual(await workQueues.getRuns({ params }), []);
  assert.deepEqual(await workQueues.getRuns({ params, headers: { 'x-prefect-ui': true } }), []);
  assert.ok((await workQueues.filter()).some((queue) => queue.id === id));
  await workQueues.delete({ params });
}

async function tellOfPools({ workPools, poolQueues, workers }: Client<Operations>): Promise<void> {
  const pool = await workPools.create({ body: { name: 'pool' } });
  const params = { name: 'pool' };
  await workPools.update({ params, body: { description: 'changed' } });
  assert.equal((await workPools.read({ params })).description, 'changed');
  assert.ok((await workPools.filter()).some(({ id }) => id === pool.id));
  const within = { work_pool_name: 'pool' };
  const queue = { ...within, name: 'quick' };
  await poolQueues.create({ params: within, body: { name: 'quick' } });
  await poolQueues.update({ params: queue, body: { priority: 1 } });
  assert.equal((await poolQueues.read({ params: queue })).priority, 1);
  assert.deepEqual(
    (await poolQueues.filter({ params: within })).map(({ name }) => name),
    ['quick', 'default'],
  );
  await poolQueues.delete({ params: queue });
  await workers.heartbeat({ params: within, body: { name: 'worker' } });
  assert.deepEqual(
    (await workers.filter({ params: within })).map(({ name }) => name),
    ['worker'],
  );
  assert.deepEqual(await workPools.getScheduledFlowRuns({ params }), []);
  await workPools.delete({ params });
}

async function tellOfDeployments(client: Client<Operations>): Promise<void> {
  const { deployments, workPools } = client;
  await workPools.create({ body: { name: 'deploys' } });
  const body = {
    flow_id: await aFlow(client, 'deployed'),
    name: 'daily',
    work_queue_name: 'default',
    work_pool_name: 'deploys',
    schedule: { interval: 86_400, anchor_date: '2026-06-01T00:00:00Z' },
  };
  const { id } = await answered(201, deployments.create.withStatus({ body }));
  await answered(200, deployments.create.withStatus({ body }));
  const params = { id };
  await deployments.update({ params, body: { description: 'changed' } });
  assert.equal((await deployments.read({ params })).description, 'changed');
  const names = { flow_name: 'deployed', deployment_name: 'daily' };
  assert.equal((await deployments.readByName({ params: names })).id, id);
  assert.equal((await deployments.filter()).length, 1);
  assert.equal(await deployments.count(), 1);
  assert.equal(await deployments.schedule({ params }), null);
  const soon = { params: { name: 'deploys' }, body: { scheduled_before: '2100-01-01T00:00:00Z' } };
  const [next] = await workPools.getScheduledFlowRuns(soon);
  assert.equal(next?.flow_run.deployment_id, id);
  assert.equal(await deployments.pauseSchedule({ params }), null);
  assert.equal(await deployments.resumeSchedule({ params }), null);
  const run = await answered(201, deployments.createFlowRun.withStatus({ params, body: {} }));
  assert.equal(run.work_pool_name, 'deploys');
  const queues = await deployments.readWorkQueues({ params });
  // On Postgres, Prefect leaves out queues without a filter.
  assert.ok(queues.every(({ name }) => name === 'default'));
  await deployments.delete({ params });
}

async function tellOfDatabase({ admin, flows }: Client<Operations>): Promise<void> {
  await flows.create({ body: { name: 'gone' } });
  await answered(400, admin.clearDatabase.withStatus());
  await answered(204, admin.clearDatabase.withStatus({ body: { confirm: true } }));
  assert.equal(await flows.count(), 0);
  await answered(204, admin.dropDatabase.withStatus({ body: { confirm: true } }));
  await answered(204, admin.createDatabase.withStatus({ body: { confirm: true } }));
  assert.equal(await flows.count(), 0);
}
