/** Sends a request that has to succeed with the given status, and gives the body of the answer. */
export type Ask = (status: number, method: Method, path: string, body?: unknown) => Promise<Told>;

/** What the story needs to know of an answer's body. */
export type Told = { id: string; [key: string]: unknown };

/** The methods of the API. */
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Uses every operation of the API once, each on something that is there. */
export async function tellStory(ask: Ask): Promise<void> {
  await tellOfServer(ask);
  const flow = await tellOfFlows(ask);
  await tellOfRuns(ask, flow);
  await tellOfLimitsAndSearches(ask);
  const document = await tellOfBlocks(ask);
  await tellOfPolicies(ask, document);
  await tellOfQueues(ask);
  await tellOfPools(ask);
  await tellOfDeployments(ask, flow);
  await tellOfEnds(ask, flow);
}

async function tellOfServer(ask: Ask): Promise<void> {
  for (const path of ['health', 'ready', 'version', 'hello', 'admin/settings', 'admin/version']) {
    await ask(200, 'GET', `/api/${path}`);
  }
}

async function tellOfFlows(ask: Ask): Promise<string> {
  const { id } = await ask(201, 'POST', '/api/flows/', { name: 'story', tags: ['told'] });
  await ask(200, 'POST', '/api/flows/', { name: 'story' });
  await ask(200, 'GET', `/api/flows/${id}`);
  await ask(200, 'GET', '/api/flows/name/story');
  await ask(204, 'PATCH', `/api/flows/${id}`, { tags: ['changed'] });
  await ask(200, 'POST', '/api/flows/filter', { flows: { name: { any_: ['story'] } } });
  await ask(200, 'POST', '/api/flows/count', {});
  return id;
}

const day = {
  history_start: '2026-06-01T00:00:00Z',
  history_end: '2026-06-02T00:00:00Z',
  history_interval_seconds: 3600,
};

async function tellOfRuns(ask: Ask, flow: string): Promise<void> {
  const created = { flow_id: flow, idempotency_key: 'once', state: { type: 'PENDING' } };
  const run = await ask(201, 'POST', '/api/flow_runs/', created);
  await ask(200, 'POST', '/api/flow_runs/', created);
  const path = `/api/flow_runs/${run.id}`;
  await ask(200, 'GET', path);
  await ask(204, 'PATCH', path, { name: 'renamed' });
  await ask(201, 'POST', `${path}/set_state`, { state: { type: 'RUNNING' } });
  await tellOfTaskRuns(ask, run.id);
  await ask(201, 'POST', `${path}/set_state`, { state: pause, force: true });
  await ask(201, 'POST', `${path}/resume`);
  await ask(200, 'GET', `${path}/graph`);
  await ask(200, 'GET', `/api/flow_run_states/?flow_run_id=${run.id}`);
  const { state_id } = await ask(200, 'GET', `/api/flow_runs/${run.id}`);
  await ask(200, 'GET', `/api/flow_run_states/${state_id}`);
  await ask(200, 'POST', '/api/flow_runs/filter', { sort: 'NAME_ASC' });
  await ask(200, 'POST', '/api/flow_runs/count', {});
  await ask(200, 'POST', '/api/flow_runs/history', day);
  await ask(200, 'POST', '/api/ui/flow_runs/history', {});
  await tellOfLogs(ask, run.id);
  await ask(204, 'DELETE', path);
}

const pause = { type: 'PAUSED', state_details: { pause_timeout: '2100-01-01T00:00:00Z' } };

async function tellOfTaskRuns(ask: Ask, flowRun: string): Promise<void> {
  const created = { flow_run_id: flowRun, task_key: 'task', dynamic_key: '0' };
  const run = await ask(201, 'POST', '/api/task_runs/', created);
  await ask(200, 'POST', '/api/task_runs/', created);
  const path = `/api/task_runs/${run.id}`;
  await ask(200, 'GET', path);
  await ask(204, 'PATCH', path, { name: 'renamed' });
  await ask(201, 'POST', `${path}/set_state`, { state: { type: 'COMPLETED' } });
  await ask(200, 'GET', `/api/task_run_states/?task_run_id=${run.id}`);
  const { state_id } = await ask(200, 'GET', `/api/task_runs/${run.id}`);
  await ask(200, 'GET', `/api/task_run_states/${state_id}`);
  await ask(200, 'POST', '/api/task_runs/filter', {});
  await ask(200, 'POST', '/api/task_runs/count', {});
  await ask(200, 'POST', '/api/task_runs/history', day);
  await ask(204, 'DELETE', path);
}

async function tellOfLogs(ask: Ask, flowRun: string): Promise<void> {
  const line = { name: 'prefect', level: 20, message: 'told', timestamp: '2026-06-01T12:00:00Z' };
  await ask(201, 'POST', '/api/logs/', [{ ...line, flow_run_id: flowRun }]);
  await ask(200, 'POST', '/api/logs/filter', { logs: { flow_run_id: { any_: [flowRun] } } });
}

async function tellOfLimitsAndSearches(ask: Ask): Promise<void> {
  const limit = await ask(200, 'POST', '/api/concurrency_limits/', { tag: 'one', concurrency_limit: 1 });
  await ask(200, 'POST', '/api/concurrency_limits/', { tag: 'two', concurrency_limit: 2 });
  await ask(200, 'GET', `/api/concurrency_limits/${limit.id}`);
  await ask(200, 'GET', '/api/concurrency_limits/tag/one');
  await ask(200, 'POST', '/api/concurrency_limits/filter', {});
  await ask(200, 'POST', '/api/concurrency_limits/tag/one/reset', {});
  await ask(200, 'DELETE', `/api/concurrency_limits/${limit.id}`);
  await ask(200, 'DELETE', '/api/concurrency_limits/tag/two');

  const search = await ask(201, 'PUT', '/api/saved_searches/', { name: 'mine', filters: [] });
  await ask(200, 'PUT', '/api/saved_searches/', { name: 'mine' });
  await ask(200, 'GET', `/api/saved_searches/${search.id}`);
  await ask(200, 'POST', '/api/saved_searches/filter', {});
  await ask(204, 'DELETE', `/api/saved_searches/${search.id}`);
}

/** Leaves a document, whose id it gives. */
async function tellOfBlocks(ask: Ask): Promise<string> {
  await ask(200, 'POST', '/api/block_types/install_system_block_types');
  const type = await ask(201, 'POST', '/api/block_types/', { name: 'Kind', slug: 'kind' });
  await ask(204, 'PATCH', `/api/block_types/${type.id}`, { description: 'changed' });
  await ask(200, 'GET', `/api/block_types/${type.id}`);
  await ask(200, 'GET', '/api/block_types/slug/kind');
  await ask(200, 'POST', '/api/block_types/filter', {});

  const fields = { title: 'Kind', block_type_slug: 'kind', block_schema_references: {} };
  const shape = { block_type_id: type.id, fields, capabilities: ['told'] };
  const schema = await ask(201, 'POST', '/api/block_schemas/', shape);
  await ask(200, 'POST', '/api/block_schemas/', shape);
  await ask(200, 'GET', `/api/block_schemas/${schema.id}`);
  await ask(200, 'GET', `/api/block_schemas/checksum/${schema.checksum}`);
  await ask(200, 'POST', '/api/block_schemas/filter', {});
  await ask(200, 'GET', '/api/block_capabilities/');

  const kind = { block_type_id: type.id, block_schema_id: schema.id };
  const document = await ask(201, 'POST', '/api/block_documents/', {
    name: 'first',
    data: { a: 1 },
    ...kind,
  });
  await ask(204, 'PATCH', `/api/block_documents/${document.id}`, { data: { a: 2 } });
  await ask(200, 'GET', `/api/block_documents/${document.id}?include_secrets=true`);
  await ask(200, 'POST', '/api/block_documents/filter', {});
  await ask(200, 'GET', '/api/block_types/slug/kind/block_documents');
  await ask(200, 'GET', '/api/block_types/slug/kind/block_documents/name/first');
  return document.id;
}

async function tellOfPolicies(ask: Ask, block: string): Promise<void> {
  const policies = '/api/flow_run_notification_policies/';
  const policy = { is_active: true, state_names: ['Failed'], tags: [], block_document_id: block };
  const { id } = await ask(201, 'POST', policies, policy);
  await ask(204, 'PATCH', `${policies}${id}`, { is_active: false });
  await ask(200, 'GET', `${policies}${id}`);
  await ask(200, 'POST', `${policies}filter`, {});
  await ask(204, 'DELETE', `${policies}${id}`);
}

async function tellOfQueues(ask: Ask): Promise<void> {
  const { id } = await ask(201, 'POST', '/api/work_queues/', { name: 'told' });
  await ask(200, 'GET', `/api/work_queues/${id}`);
  await ask(200, 'GET', '/api/work_queues/name/told');
  await ask(200, 'GET', `/api/work_queues/${id}/status`);
  await ask(204, 'PATCH', `/api/work_queues/${id}`, { is_paused: false });
  await ask(200, 'POST', `/api/work_queues/${id}/get_runs`, {});
  await ask(200, 'POST', '/api/work_queues/filter', {});
  await ask(204, 'DELETE', `/api/work_queues/${id}`);
}

async function tellOfPools(ask: Ask): Promise<void> {
  await ask(201, 'POST', '/api/work_pools/', { name: 'pool' });
  const path = '/api/work_pools/pool';
  await ask(200, 'GET', path);
  await ask(204, 'PATCH', path, { description: 'changed' });
  await ask(200, 'POST', '/api/work_pools/filter', {});
  await ask(201, 'POST', `${path}/queues`, { name: 'quick' });
  await ask(200, 'GET', `${path}/queues/quick`);
  await ask(204, 'PATCH', `${path}/queues/quick`, { priority: 1 });
  await ask(200, 'POST', `${path}/queues/filter`, {});
  await ask(204, 'DELETE', `${path}/queues/quick`);
  await ask(204, 'POST', `${path}/workers/heartbeat`, { name: 'worker' });
  await ask(200, 'POST', `${path}/workers/filter`, {});
}

async function tellOfDeployments(ask: Ask, flow: string): Promise<void> {
  const created = {
    flow_id: flow,
    name: 'daily',
    work_queue_name: 'default',
    work_pool_name: 'pool',
    schedule: { interval: 86_400, anchor_date: '2026-06-01T00:00:00Z' },
  };
  const { id } = await ask(201, 'POST', '/api/deployments/', created);
  await ask(200, 'POST', '/api/deployments/', created);
  const path = `/api/deployments/${id}`;
  await ask(200, 'GET', path);
  await ask(200, 'GET', '/api/deployments/name/story/daily');
  await ask(204, 'PATCH', path, { description: 'changed' });
  await ask(200, 'POST', '/api/deployments/filter', {});
  await ask(200, 'POST', '/api/deployments/count', {});
  await ask(200, 'POST', `${path}/schedule`, {});
  await ask(200, 'POST', '/api/work_pools/pool/get_scheduled_flow_runs', { scheduled_before: '2100-01-01' });
  await ask(200, 'POST', `${path}/set_schedule_inactive`);
  await ask(200, 'POST', `${path}/set_schedule_active`);
  await ask(201, 'POST', `${path}/create_flow_run`, {});
  await ask(200, 'GET', `${path}/work_queue_check`);
  await ask(204, 'DELETE', path);
}

async function tellOfEnds(ask: Ask, flow: string): Promise<void> {
  await ask(204, 'DELETE', '/api/work_pools/pool');
  const { id, block_type_id: type, block_schema_id: schema } = await documentNamedFirst(ask);
  await ask(204, 'DELETE', `/api/block_documents/${id}`);
  await ask(204, 'DELETE', `/api/block_schemas/${schema}`);
  await ask(204, 'DELETE', `/api/block_types/${type}`);
  await ask(204, 'DELETE', `/api/flows/${flow}`);
  for (const change of ['create', 'clear', 'drop', 'create']) {
    await ask(204, 'POST', `/api/admin/database/${change}`, { confirm: true });
  }
}

function documentNamedFirst(ask: Ask) {
  return ask(200, 'GET', '/api/block_types/slug/kind/block_documents/name/first');
}
