import type { Sender } from './send.ts';

/** An object of the server in the API's form. */
export type Thing = { readonly [field: string]: unknown };

/** One object of each resource, by the resource's name in the operations table. */
export type World = Map<string, Thing>;

/**
 * How to create an object of a resource. `⟨flows⟩` stands for the id of the flow, `⟨workPools.name⟩` for the name of the
 * pool.
 */
type Recipe = { resource: string; path: string; method?: 'PUT'; body: object };

const recipes: readonly Recipe[] = [
  { resource: 'flows', path: '/flows/', body: { name: '⟨fresh⟩' } },
  {
    resource: 'workPools',
    path: '/work_pools/',
    body: {
      name: '⟨fresh⟩',
      base_job_template: {
        job_configuration: { command: '{{ command }}' },
        variables: { type: 'object', properties: { command: { type: 'string', pattern: '^(a+)+$' } } },
      },
    },
  },
  { resource: 'poolQueues', path: '/work_pools/⟨workPools.name⟩/queues', body: { name: '⟨fresh⟩' } },
  { resource: 'workQueues', path: '/work_queues/', body: { name: '⟨fresh⟩' } },
  { resource: 'blockTypes', path: '/block_types/', body: { name: '⟨fresh⟩', slug: '⟨fresh⟩' } },
  {
    resource: 'blockSchemas',
    path: '/block_schemas/',
    body: {
      block_type_id: '⟨blockTypes⟩',
      fields: { title: '⟨fresh⟩', type: 'object', properties: {}, secret_fields: ['url', 'a.*'] },
      capabilities: ['notify'],
    },
  },
  {
    resource: 'blockDocuments',
    path: '/block_documents/',
    body: {
      name: '⟨fresh⟩',
      data: { url: 'http://127.0.0.1:1/', method: 'POST' },
      block_type_id: '⟨blockTypes⟩',
      block_schema_id: '⟨blockSchemas⟩',
    },
  },
  {
    resource: 'flowRunNotificationPolicies',
    path: '/flow_run_notification_policies/',
    body: { is_active: true, state_names: ['Running'], tags: [], block_document_id: '⟨blockDocuments⟩' },
  },
  {
    resource: 'deployments',
    path: '/deployments/',
    body: {
      name: '⟨fresh⟩',
      flow_id: '⟨flows⟩',
      work_pool_name: '⟨workPools.name⟩',
      schedule: { interval: 86_400 },
    },
  },
  {
    resource: 'flowRuns',
    path: '/flow_runs/',
    body: { flow_id: '⟨flows⟩', deployment_id: '⟨deployments⟩', state: { type: 'SCHEDULED' } },
  },
  {
    resource: 'taskRuns',
    path: '/task_runs/',
    body: { flow_run_id: '⟨flowRuns⟩', task_key: '⟨fresh⟩', dynamic_key: '0', state: { type: 'PENDING' } },
  },
  {
    resource: 'concurrencyLimits',
    path: '/concurrency_limits/',
    body: { tag: '⟨fresh⟩', concurrency_limit: 10 },
  },
  {
    resource: 'savedSearches',
    path: '/saved_searches/',
    method: 'PUT',
    body: { name: '⟨fresh⟩', filters: [] },
  },
];

const json = { 'content-type': 'application/json' };

/** Creates a new object of each resource, or of one whose parents exist. */
export async function makeThings(
  { send }: Sender,
  world: World,
  freshName: () => string,
  only?: string,
): Promise<void> {
  for (const { resource, path, method = 'POST', body } of recipes) {
    if (only !== undefined && resource !== only) continue;
    const fill = (text: string) =>
      text
        .replaceAll('⟨fresh⟩', freshName)
        .replace(/⟨(\w+)(?:\.(\w+))?⟩/g, (_, name: string, field = 'id') => String(world.get(name)?.[field]));
    const answer = await send({
      method,
      path: `/api${fill(path)}`,
      headers: json,
      body: Buffer.from(fill(JSON.stringify(body))),
    });
    const text = answer.body.toString();
    if (answer.status >= 300)
      throw new Error(`${method} ${path} was answered with ${answer.status}: ${text}`);
    world.set(resource, JSON.parse(text));
  }
}

/** Resources whose ids occur in fields with other names. */
const owners: ReadonlyMap<string, string> = new Map([
  ['flow_id', 'flows'],
  ['flows', 'flows'],
  ['flow_run_id', 'flowRuns'],
  ['child_flow_run_id', 'flowRuns'],
  ['flow_runs', 'flowRuns'],
  ['task_run_id', 'taskRuns'],
  ['parent_task_run_id', 'taskRuns'],
  ['task_runs', 'taskRuns'],
  ['deployment_id', 'deployments'],
  ['deployments', 'deployments'],
  ['deployment_ids', 'deployments'],
  ['work_pool_id', 'workPools'],
  ['work_pools', 'workPools'],
  ['work_queue_id', 'workQueues'],
  ['work_queues', 'workQueues'],
  ['work_pool_queues', 'poolQueues'],
  ['block_type_id', 'blockTypes'],
  ['block_types', 'blockTypes'],
  ['block_schema_id', 'blockSchemas'],
  ['block_schemas', 'blockSchemas'],
  ['block_document_id', 'blockDocuments'],
  ['block_documents', 'blockDocuments'],
  ['infrastructure_document_id', 'blockDocuments'],
  ['storage_document_id', 'blockDocuments'],
  ['slot_override', 'taskRuns'],
]);

const strangerId = '11111111-1111-4111-8111-111111111111';

/** The id for a field of a request on a resource. */
export function idFor(world: World, resource: string, way: string): string {
  const named = way
    .split('/')
    .map((step) => owners.get(step))
    .findLast((owner) => owner !== undefined);
  const id = world.get(named ?? resource)?.id;
  return typeof id === 'string' ? id : strangerId;
}

/** Names of other resources that occur in paths. */
const nameOwners: ReadonlyMap<string, readonly [resource: string, field: string]> = new Map([
  ['work_pool_name', ['workPools', 'name']],
  ['block_document_name', ['blockDocuments', 'name']],
  ['flow_name', ['flows', 'name']],
  ['deployment_name', ['deployments', 'name']],
]);

/** The value of a parameter of a path on a resource. */
export function parameterFor(world: World, resource: string, parameter: string): string {
  if (parameter === 'id' && resource.endsWith('RunStates')) {
    return String(world.get(resource === 'flowRunStates' ? 'flowRuns' : 'taskRuns')?.state_id);
  }
  const [owner, field] = nameOwners.get(parameter) ?? [resource, parameter];
  return String(world.get(owner)?.[field] ?? strangerId);
}
