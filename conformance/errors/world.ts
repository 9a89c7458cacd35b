/** An object that both servers have, by its name in requests. */
export type World = ReadonlyMap<string, string>;

type Reply = Record<string, string>;

/** Creates one object of each kind on a server; returns the id or name of each. */
export async function makeWorld(url: string): Promise<World> {
  const world = new Map<string, string>();
  const send = async (method: string, path: string, body: object): Promise<Reply> => {
    const answer = await fetch(`${url}/api${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Reply;
  };
  const make: Make = async (name, path, body, method = 'POST', key = 'id') => {
    const made = await send(method, path, body);
    world.set(name, made[key] ?? '');
    return made;
  };
  const of = (name: string) => world.get(name);

  await make('flow', '/flows/', { name: 'a flow' });
  world.set('flowName', 'a%20flow');
  const run = await make('flowRun', '/flow_runs/', { flow_id: of('flow'), state: { type: 'PENDING' } });
  world.set('flowRunState', run.state_id ?? '');
  const keys = { task_key: 't', dynamic_key: '0', state: { type: 'PENDING' } };
  const task = await make('taskRun', '/task_runs/', { flow_run_id: of('flowRun'), ...keys });
  world.set('taskRunState', task.state_id ?? '');
  await make('deployment', '/deployments/', { name: 'a deployment', flow_id: of('flow') });
  world.set('deploymentName', 'a%20deployment');
  await make('queue', '/work_queues/', { name: 'a-queue' });
  world.set('queueName', 'a-queue');
  await make('pool', '/work_pools/', { name: 'a-pool', type: 'process' });
  world.set('pool', 'a-pool');
  await make('poolQueue', '/work_pools/a-pool/queues', { name: 'a-pool-queue' });
  world.set('poolQueue', 'a-pool-queue');
  await make('limit', '/concurrency_limits/', { tag: 'a-tag', concurrency_limit: 1 });
  world.set('limitTag', 'a-tag');
  await make('blockType', '/block_types/', { name: 'A Block', slug: 'a-block' });
  world.set('blockSlug', 'a-block');
  const schema = { block_type_id: of('blockType'), fields: { title: 'A', properties: {} } };
  world.set('checksum', (await make('blockSchema', '/block_schemas/', schema)).checksum ?? '');
  await make('document', '/block_documents/', {
    name: 'a-document',
    data: {},
    block_schema_id: of('blockSchema'),
    block_type_id: of('blockType'),
  });
  world.set('documentName', 'a-document');
  await make('search', '/saved_searches/', { name: 'a search', filters: [] }, 'PUT');
  await make('policy', '/flow_run_notification_policies/', {
    is_active: false,
    state_names: [],
    tags: [],
    block_document_id: of('document'),
  });
  await makeSpares(make, of);
  return world;
}

/** Creates an object, and records the field of the answer that requests use. */
type Make = (name: string, path: string, body: object, method?: string, key?: string) => Promise<Reply>;

/** Creates another object of each kind, for the requests that delete it. */
async function makeSpares(make: Make, of: (name: string) => string | undefined): Promise<void> {
  await make('spare flow', '/flows/', { name: 'a spare flow' });
  await make('spare flowRun', '/flow_runs/', { flow_id: of('flow') });
  await make('spare taskRun', '/task_runs/', { flow_run_id: of('flowRun'), task_key: 't', dynamic_key: '1' });
  await make('spare deployment', '/deployments/', { name: 'a spare deployment', flow_id: of('flow') });
  await make('spare queue', '/work_queues/', { name: 'a-spare-queue' });
  await make('spare pool', '/work_pools/', { name: 'a-spare-pool', type: 'process' }, 'POST', 'name');
  await make('spare poolQueue', '/work_pools/a-pool/queues', { name: 'a-spare-pool-queue' }, 'POST', 'name');
  await make('spare limit', '/concurrency_limits/', { tag: 'a-spare-tag', concurrency_limit: 1 });
  const limit = { tag: 'another-spare-tag', concurrency_limit: 1 };
  await make('spare limitTag', '/concurrency_limits/', limit, 'POST', 'tag');
  await make('spare blockType', '/block_types/', { name: 'A Spare Block', slug: 'a-spare-block' });
  const fields = { title: 'Spare', properties: {} };
  await make('spare blockSchema', '/block_schemas/', { block_type_id: of('blockType'), fields });
  await make('spare document', '/block_documents/', {
    name: 'a-spare-document',
    data: {},
    block_schema_id: of('blockSchema'),
    block_type_id: of('blockType'),
  });
  await make('spare search', '/saved_searches/', { name: 'a spare search', filters: [] }, 'PUT');
  const policy = { is_active: false, state_names: [], tags: [], block_document_id: of('document') };
  await make('spare policy', '/flow_run_notification_policies/', policy);
}

const unknownId = '99999999-9999-4999-8999-999999999999';

/** A text for one server: `⟨name⟩` and `⟨spare name⟩` replaced by their ids, `⟨doomed name⟩` by an unknown one. */
export function render(text: string, world: World): string {
  return text.replaceAll(
    /⟨(doomed )?((?:spare )?\w+)⟩/g,
    (_whole, doomed: string | undefined, name: string) => {
      const known = world.get(name);
      if (known === undefined) throw new Error(`the world has no ${name}`);
      return doomed === undefined ? known : unknownFor(known);
    },
  );
}

/** An unknown id or name in the form of a known one. */
function unknownFor(known: string): string {
  return /^[\da-f]{8}-/.test(known) ? unknownId : 'no-such-thing';
}

/** A server's text with names instead of ids. */
export function withNames(text: string, world: World): string {
  let named = text;
  for (const [name, id] of world) if (/^[\da-f]{8}-/.test(id)) named = named.replaceAll(id, `⟨${name}⟩`);
  return named;
}
