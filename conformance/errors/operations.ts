/** A value of a body. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/**
 * An operation of the API with a valid request. `⟨flow⟩` stands for the id of an object that both servers have, and `⟨doomed
 * flow⟩` for an id that does not exist. The valid request uses an object that may be deleted instead.
 */
export type Operation = {
  resource: string;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/api`. */
  path: string;
  body?: { [key: string]: Json } | Json[];
};

const id = '⟨flow⟩';
const soon = '2030-01-01T00:00:00+00:00';
const page = { limit: 1, offset: 0 };
const history = {
  history_start: '2020-01-01T00:00:00Z',
  history_end: '2020-01-02T00:00:00Z',
  history_interval_seconds: 3600,
};
const state = {
  type: 'SCHEDULED',
  name: 'Planned',
  message: 'm',
  timestamp: '2020-01-01T00:00:00Z',
  state_details: { scheduled_time: soon, pause_timeout: soon, untrackable_result: false, cache_key: 'k' },
};
const flowRunFilter = {
  id: { any_: [id], not_any_: [id] },
  name: { any_: ['a'], like_: 'a' },
  tags: { all_: ['a'], is_null_: false },
  deployment_id: { any_: [id], is_null_: true },
  state: { type: { any_: ['RUNNING'] }, name: { any_: ['Late'] } },
  start_time: { before_: soon, after_: soon, is_null_: true },
  expected_start_time: { before_: soon },
  operator: 'and_',
};
const taskRunFilter = {
  id: { any_: [id] },
  subflow_runs: { exists_: true },
  start_time: { after_: soon },
  tags: { all_: ['a'] },
};
const interval = { interval: 3600, anchor_date: soon, timezone: 'Europe/Paris' };

function of(resource: string, listed: readonly Omit<Operation, 'resource'>[]): Operation[] {
  return listed.map((operation) => ({ resource, ...operation }));
}

/** A sample of every resource's operations. Their bodies have the fields that are made invalid, one at a time. */
export const operations: readonly Operation[] = [
  ...of('flows', [
    { method: 'POST', path: '/flows/', body: { name: 'spoiled', tags: ['a'] } },
    { method: 'PATCH', path: '/flows/⟨flow⟩', body: { tags: ['a'] } },
    { method: 'GET', path: '/flows/⟨flow⟩' },
    { method: 'GET', path: '/flows/name/⟨flowName⟩' },
    {
      method: 'POST',
      path: '/flows/filter',
      body: { ...page, sort: 'NAME_ASC', flows: { id: { any_: [id] }, tags: { all_: ['a'] } } },
    },
    { method: 'POST', path: '/flows/count', body: { flows: { name: { like_: 'a' } } } },
    { method: 'DELETE', path: '/flows/⟨doomed flow⟩' },
  ]),
  ...of('flow_runs', [
    {
      method: 'POST',
      path: '/flow_runs/',
      body: {
        flow_id: id,
        name: 'spoiled',
        parameters: { a: 1 },
        tags: ['a'],
        state,
        idempotency_key: 'key',
        empirical_policy: { retries: 1, retry_delay: 1, pause_keys: ['a'], resuming: false },
        parent_task_run_id: null,
      },
    },
    {
      method: 'PATCH',
      path: '/flow_runs/⟨flowRun⟩',
      body: { name: 'renamed', tags: ['a'], flow_version: '1', infrastructure_pid: 'p' },
    },
    { method: 'GET', path: '/flow_runs/⟨flowRun⟩' },
    { method: 'GET', path: '/flow_runs/⟨flowRun⟩/graph' },
    {
      method: 'POST',
      path: '/flow_runs/filter',
      body: { ...page, sort: 'NAME_ASC', flow_runs: flowRunFilter, task_runs: taskRunFilter },
    },
    { method: 'POST', path: '/flow_runs/count', body: { flow_runs: flowRunFilter } },
    { method: 'POST', path: '/flow_runs/history', body: { ...history, flow_runs: flowRunFilter } },
    { method: 'POST', path: '/flow_runs/⟨flowRun⟩/set_state', body: { state, force: false } },
    { method: 'POST', path: '/flow_runs/⟨flowRun⟩/resume' },
    { method: 'DELETE', path: '/flow_runs/⟨doomed flowRun⟩' },
  ]),
  ...of('task_runs', [
    {
      method: 'POST',
      path: '/task_runs/',
      body: {
        flow_run_id: '⟨flowRun⟩',
        task_key: 't',
        dynamic_key: '7',
        name: 'spoiled',
        cache_key: 'k',
        cache_expiration: soon,
        tags: ['a'],
        state,
        empirical_policy: { retries: 1, retry_delay: [1], retry_jitter_factor: 1 },
        task_inputs: { x: [{ input_type: 'constant', type: 'int' }] },
      },
    },
    { method: 'PATCH', path: '/task_runs/⟨taskRun⟩', body: { name: 'renamed' } },
    { method: 'GET', path: '/task_runs/⟨taskRun⟩' },
    {
      method: 'POST',
      path: '/task_runs/filter',
      body: { ...page, sort: 'NAME_ASC', task_runs: taskRunFilter },
    },
    { method: 'POST', path: '/task_runs/count', body: { task_runs: taskRunFilter } },
    { method: 'POST', path: '/task_runs/history', body: { ...history, task_runs: taskRunFilter } },
    { method: 'POST', path: '/task_runs/⟨taskRun⟩/set_state', body: { state, force: false } },
    { method: 'DELETE', path: '/task_runs/⟨doomed taskRun⟩' },
  ]),
  ...of('states', [
    { method: 'GET', path: '/flow_run_states/⟨flowRunState⟩' },
    { method: 'GET', path: '/flow_run_states/?flow_run_id=⟨flowRun⟩' },
    { method: 'GET', path: '/task_run_states/⟨taskRunState⟩' },
    { method: 'GET', path: '/task_run_states/?task_run_id=⟨taskRun⟩' },
  ]),
  ...of('deployments', [
    {
      method: 'POST',
      path: '/deployments/',
      body: {
        name: 'spoiled',
        flow_id: id,
        schedule: interval,
        is_schedule_active: false,
        tags: ['a'],
        parameters: { a: 1 },
        parameter_openapi_schema: { type: 'object' },
        work_queue_name: 'q',
        infra_overrides: { a: 1 },
        entrypoint: 'f.py:f',
      },
    },
    {
      method: 'PATCH',
      path: '/deployments/⟨deployment⟩',
      body: { version: '1', schedule: { cron: '0 0 * * *', timezone: 'UTC', day_or: true }, tags: ['a'] },
    },
    { method: 'GET', path: '/deployments/⟨deployment⟩' },
    { method: 'GET', path: '/deployments/name/⟨flowName⟩/⟨deploymentName⟩' },
    {
      method: 'POST',
      path: '/deployments/filter',
      body: { ...page, deployments: { is_schedule_active: { eq_: true }, name: { any_: ['a'] } } },
    },
    { method: 'POST', path: '/deployments/count', body: { deployments: { id: { any_: [id] } } } },
    {
      method: 'POST',
      path: '/deployments/⟨deployment⟩/schedule',
      body: { start_time: soon, end_time: soon, min_runs: 1, max_runs: 1 },
    },
    { method: 'POST', path: '/deployments/⟨deployment⟩/set_schedule_active' },
    { method: 'POST', path: '/deployments/⟨deployment⟩/set_schedule_inactive' },
    {
      method: 'POST',
      path: '/deployments/⟨deployment⟩/create_flow_run',
      body: { state, parameters: { a: 1 }, tags: ['a'], idempotency_key: 'k', name: 'n' },
    },
    { method: 'GET', path: '/deployments/⟨deployment⟩/work_queue_check' },
    { method: 'DELETE', path: '/deployments/⟨doomed deployment⟩' },
  ]),
  ...of('work_queues', [
    {
      method: 'POST',
      path: '/work_queues/',
      body: { name: 'spoiled', description: 'd', is_paused: false, concurrency_limit: 1, priority: 2 },
    },
    {
      method: 'PATCH',
      path: '/work_queues/⟨queue⟩',
      body: { is_paused: false, concurrency_limit: 3, description: 'd' },
    },
    { method: 'GET', path: '/work_queues/⟨queue⟩' },
    { method: 'GET', path: '/work_queues/name/⟨queueName⟩' },
    { method: 'GET', path: '/work_queues/⟨queue⟩/status' },
    {
      method: 'POST',
      path: '/work_queues/⟨queue⟩/get_runs',
      body: { limit: 1, scheduled_before: soon, agent_id: '11111111-1111-4111-8111-111111111111' },
    },
    {
      method: 'POST',
      path: '/work_queues/filter',
      body: { ...page, work_queues: { name: { startswith_: ['a'] } } },
    },
    { method: 'DELETE', path: '/work_queues/⟨doomed queue⟩' },
  ]),
  ...of('work_pools', [
    {
      method: 'POST',
      path: '/work_pools/',
      body: {
        name: 'spoiled',
        type: 'process',
        description: 'd',
        base_job_template: {},
        is_paused: false,
        concurrency_limit: 1,
      },
    },
    {
      method: 'PATCH',
      path: '/work_pools/⟨pool⟩',
      body: { description: 'd', is_paused: false, concurrency_limit: 4 },
    },
    { method: 'GET', path: '/work_pools/⟨pool⟩' },
    { method: 'POST', path: '/work_pools/filter', body: { ...page, work_pools: { type: { any_: ['a'] } } } },
    {
      method: 'POST',
      path: '/work_pools/⟨pool⟩/get_scheduled_flow_runs',
      body: { limit: 1, scheduled_before: soon, scheduled_after: soon, work_queue_names: ['default'] },
    },
    {
      method: 'POST',
      path: '/work_pools/⟨pool⟩/queues',
      body: { name: 'spoiled', priority: 1, is_paused: false, concurrency_limit: 1 },
    },
    { method: 'GET', path: '/work_pools/⟨pool⟩/queues/⟨poolQueue⟩' },
    {
      method: 'PATCH',
      path: '/work_pools/⟨pool⟩/queues/⟨poolQueue⟩',
      body: { priority: 1, is_paused: false },
    },
    { method: 'POST', path: '/work_pools/⟨pool⟩/queues/filter', body: { ...page } },
    { method: 'POST', path: '/work_pools/⟨pool⟩/workers/heartbeat', body: { name: 'w' } },
    {
      method: 'POST',
      path: '/work_pools/⟨pool⟩/workers/filter',
      body: { ...page, workers: { last_heartbeat_time: { after_: soon } } },
    },
    { method: 'DELETE', path: '/work_pools/⟨doomed pool⟩' },
    { method: 'DELETE', path: '/work_pools/⟨pool⟩/queues/⟨doomed poolQueue⟩' },
  ]),
  ...of('concurrency_limits', [
    {
      method: 'POST',
      path: '/concurrency_limits/',
      body: { tag: 'spoiled', concurrency_limit: 1 },
    },
    { method: 'GET', path: '/concurrency_limits/⟨limit⟩' },
    { method: 'GET', path: '/concurrency_limits/tag/⟨limitTag⟩' },
    { method: 'POST', path: '/concurrency_limits/filter', body: { ...page } },
    { method: 'POST', path: '/concurrency_limits/tag/⟨limitTag⟩/reset', body: { slot_override: [id] } },
    { method: 'DELETE', path: '/concurrency_limits/⟨doomed limit⟩' },
    { method: 'DELETE', path: '/concurrency_limits/tag/⟨doomed limitTag⟩' },
  ]),
  ...of('block_types', [
    {
      method: 'POST',
      path: '/block_types/',
      body: { name: 'spoiled', slug: 'spoiled', logo_url: 'https://a.test/l.png' },
    },
    {
      method: 'PATCH',
      path: '/block_types/⟨blockType⟩',
      body: { description: 'd', logo_url: 'https://a.test/l.png' },
    },
    { method: 'GET', path: '/block_types/⟨blockType⟩' },
    { method: 'GET', path: '/block_types/slug/⟨blockSlug⟩' },
    {
      method: 'POST',
      path: '/block_types/filter',
      body: { ...page, block_types: { name: { like_: 'a' } }, block_schemas: { id: { any_: [id] } } },
    },
    { method: 'GET', path: '/block_types/slug/⟨blockSlug⟩/block_documents' },
    { method: 'GET', path: '/block_types/slug/⟨blockSlug⟩/block_documents/name/⟨documentName⟩' },
    { method: 'DELETE', path: '/block_types/⟨doomed blockType⟩' },
  ]),
  ...of('block_schemas', [
    {
      method: 'POST',
      path: '/block_schemas/',
      body: { block_type_id: '⟨blockType⟩', fields: { title: 'x' }, capabilities: ['a'], version: '1' },
    },
    { method: 'GET', path: '/block_schemas/⟨blockSchema⟩' },
    { method: 'GET', path: '/block_schemas/checksum/⟨checksum⟩' },
    {
      method: 'POST',
      path: '/block_schemas/filter',
      body: { ...page, block_schemas: { block_capabilities: { all_: ['a'] } } },
    },
    { method: 'DELETE', path: '/block_schemas/⟨doomed blockSchema⟩' },
  ]),
  ...of('block_documents', [
    {
      method: 'POST',
      path: '/block_documents/',
      body: {
        name: 'spoiled',
        data: { x: 1 },
        block_schema_id: '⟨blockSchema⟩',
        block_type_id: '⟨blockType⟩',
        is_anonymous: false,
      },
    },
    { method: 'PATCH', path: '/block_documents/⟨document⟩', body: { data: { x: 2 } } },
    { method: 'GET', path: '/block_documents/⟨document⟩' },
    {
      method: 'POST',
      path: '/block_documents/filter',
      body: {
        ...page,
        include_secrets: false,
        block_documents: { is_anonymous: { eq_: false }, name: { any_: ['a'] } },
      },
    },
    { method: 'DELETE', path: '/block_documents/⟨doomed document⟩' },
  ]),
  ...of('logs', [
    {
      method: 'POST',
      path: '/logs/',
      body: [
        {
          name: 'n',
          level: 20,
          message: 'm',
          timestamp: soon,
          flow_run_id: '⟨flowRun⟩',
          task_run_id: '⟨taskRun⟩',
        },
      ],
    },
    {
      method: 'POST',
      path: '/logs/filter',
      body: {
        ...page,
        sort: 'TIMESTAMP_ASC',
        logs: { level: { ge_: 10, le_: 50 }, timestamp: { before_: soon }, flow_run_id: { any_: [id] } },
      },
    },
  ]),
  ...of('saved_searches', [
    {
      method: 'PUT',
      path: '/saved_searches/',
      body: {
        name: 'spoiled',
        filters: [{ object: 'o', property: 'p', type: 't', operation: 'o', value: 1 }],
      },
    },
    { method: 'GET', path: '/saved_searches/⟨search⟩' },
    { method: 'POST', path: '/saved_searches/filter', body: { ...page } },
    { method: 'DELETE', path: '/saved_searches/⟨doomed search⟩' },
  ]),
  ...of('flow_run_notification_policies', [
    {
      method: 'POST',
      path: '/flow_run_notification_policies/',
      body: {
        is_active: false,
        state_names: ['Failed'],
        tags: ['a'],
        block_document_id: '⟨document⟩',
        message_template: '{flow_run_name}',
      },
    },
    {
      method: 'PATCH',
      path: '/flow_run_notification_policies/⟨policy⟩',
      body: { is_active: false, state_names: ['Failed'], tags: ['a'], message_template: '{flow_run_name}' },
    },
    { method: 'GET', path: '/flow_run_notification_policies/⟨policy⟩' },
    {
      method: 'POST',
      path: '/flow_run_notification_policies/filter',
      body: { ...page, flow_run_notification_policy_filter: { is_active: { eq_: true } } },
    },
    { method: 'DELETE', path: '/flow_run_notification_policies/⟨doomed policy⟩' },
  ]),
  ...of('admin and ui', [
    { method: 'POST', path: '/ui/flow_runs/history', body: { ...page, sort: 'EXPECTED_START_TIME_DESC' } },
    { method: 'POST', path: '/admin/database/clear', body: { confirm: false } },
    { method: 'POST', path: '/admin/database/drop', body: { confirm: false } },
    { method: 'POST', path: '/admin/database/create', body: { confirm: true } },
    { method: 'GET', path: '/admin/settings' },
    { method: 'GET', path: '/admin/version' },
    { method: 'GET', path: '/hello' },
    { method: 'GET', path: '/version' },
    { method: 'GET', path: '/health' },
    { method: 'GET', path: '/block_capabilities/' },
  ]),
];
