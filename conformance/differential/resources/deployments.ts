import type { Sendable } from '../json.ts';
import { choose, filterStep, type Resource, type Step, type Workshop } from '../resource.ts';
import { someSchedule } from '../schedules.ts';
import { someState } from '../states.ts';
import { newName, someObject, someTags, tags } from '../values.ts';

/** Deployments: upsert, schedules, runs from them, queues. */
export const deployments: Resource = {
  name: 'deployments',
  weight: 3,
  step: (workshop) => {
    const { random, world } = workshop;
    const path = `/deployments/${world.id('deployment')}`;
    const flow = encodeURIComponent(world.name('flow'));
    return choose(random, [
      [world.all('deployment').length < 6 ? 20 : 2, () => create(workshop)],
      [2, () => ({ request: { method: 'GET', path } })],
      [2, () => update(workshop)],
      [
        2,
        () => ({
          request: {
            method: 'GET',
            path: `/deployments/name/${flow}/${encodeURIComponent(world.name('deployment'))}`,
          },
        }),
      ],
      [3, () => filterStep(workshop, '/deployments/filter', 'NAME_ASC')],
      [2, () => filterStep(workshop, '/deployments/count')],
      [2, () => ({ request: { method: 'POST', path: `${path}/schedule`, body: scheduleBody(workshop) } })],
      [1, () => ({ request: { method: 'POST', path: `${path}/set_schedule_active` } })],
      [1, () => ({ request: { method: 'POST', path: `${path}/set_schedule_inactive` } })],
      [3, () => createRun(workshop, path)],
      [
        1,
        () => ({
          request: { method: 'GET', path: `${path}/work_queue_check` },
          list: { defaultSort: undefined },
        }),
      ],
      [0.3, () => remove(workshop)],
    ]);
  },
};

function create(workshop: Workshop): Step {
  const { random, world } = workshop;
  const flow = world.id('flow');
  const known = random.chance(0.25) ? world.name('deployment') : newName(random, 'd3p');
  const body = { ...updateBody(workshop), ...place(workshop), name: known, flow_id: flow };
  return {
    request: { method: 'POST', path: '/deployments/', body },
    learn: (reference, ours) => {
      const made = world.learn('deployment', reference, ours, { parent: flow });
      if (made !== undefined && 'work_pool_name' in body) made.facts.pooled = true;
    },
  };
}

function update(workshop: Workshop): Step {
  const { world } = workshop;
  const id = world.id('deployment');
  const known = world.all('deployment').find((deployment) => deployment.id === id);
  const chosen = place(workshop);
  // A queue without a pool belongs to the deployment's own pool; on the reference, to the default pool.
  const isClear = 'work_pool_name' in chosen || known?.facts.pooled !== true;
  const body = { ...updateBody(workshop), ...(isClear ? chosen : {}) };
  return {
    request: { method: 'PATCH', path: `/deployments/${id}`, body },
    learn: () => {
      if (known !== undefined && 'work_pool_name' in body) known.facts.pooled = true;
    },
  };
}

/** A pool and queue. With a pool, only a queue that the default pool has: the reference would create it there too. */
function place({ random, world }: Workshop): { [key: string]: Sendable } {
  const body: { [key: string]: Sendable } = {};
  if (random.chance(0.25))
    body.work_pool_name = random.chance(0.8)
      ? world.name('work_pool')
      : random.pick(['default-agent-pool', 'absent', null]);
  if (random.chance(0.4))
    body.work_queue_name =
      random.chance(0.5) || 'work_pool_name' in body
        ? random.pick('work_pool_name' in body ? ['default', null] : ['default', 'w9q-a', 'w9q-b', null])
        : world.name('work_queue');
  return body;
}

/**
 * Always a change of something that the scheduled runs contain: with any change the reference drops those that it has
 * created.
 */
function updateBody({ random, world }: Workshop): { [key: string]: Sendable } {
  const body: { [key: string]: Sendable } = {};
  if (random.chance(0.6)) body.schedule = someSchedule(random);
  if (random.chance(0.3)) body.tags = someTags(random);
  if (random.chance(0.6)) body.parameters = { changed: newName(random, 'v'), also: someObject(random) };
  else body.tags = [...random.some(tags, 0.3), newName(random, 'v')];
  if (random.chance(0.2)) body.is_schedule_active = random.chance(0.5);
  if (random.chance(0.2)) body.description = random.pick(['About ☃', null, '']);
  if (random.chance(0.2)) body.version = random.pick(['1', null]);
  if (random.chance(0.2)) body.path = random.pick(['/srv/flows', null]);
  if (random.chance(0.2)) body.entrypoint = random.pick(['flow.py:main', null]);
  if (random.chance(0.2))
    body.infra_overrides = random.pick([{ 'env.X': '1' }, { image: 'x' }, {}, { cpu: 'many' }, null]);
  if (random.chance(0.1)) body.manifest_path = 'manifest.json';
  if (random.chance(0.05)) body.storage_document_id = world.id('block_document');
  if (random.chance(0.05)) body.infrastructure_document_id = world.id('block_document');
  if (random.chance(0.03)) body.worker_pool_queue_id = world.id('work_queue');
  return body;
}

/** Few runs in fixed windows; without a window the first dates after now, which are the same on both servers. */
function scheduleBody({ random }: Workshop): Sendable {
  const body: { [key: string]: Sendable } = {};
  if (random.chance(0.9))
    body.start_time = random.pick([
      '2022-07-01T00:00:00+00:00',
      '2022-07-01T03:30:00.25+02:00',
      '2091-07-01T00:00:00Z',
    ]);
  if (random.chance(0.3))
    body.end_time = random.pick([
      '2022-07-03T00:00:00+00:00',
      '2091-07-02T00:00:00Z',
      '2021-01-01T00:00:00Z',
    ]);
  if (random.chance(0.3)) body.min_time = random.pick([0, 7200, 172_800.5, -1]);
  if (random.chance(0.4)) body.min_runs = random.pick([0, 1, 3, -1]);
  body.max_runs = random.pick([0, 1, 2, 3, 4, -1]);
  return body;
}

function createRun({ random, world }: Workshop, path: string): Step {
  const body: { [key: string]: Sendable } = {};
  if (random.chance(0.95)) body.name = random.chance(0.95) ? newName(random, 'rv9') : null;
  if (random.chance(0.5)) body.state = someState(random, world);
  if (random.chance(0.4)) body.parameters = someObject(random);
  if (random.chance(0.2)) body.context = someObject(random);
  if (random.chance(0.3)) body.tags = someTags(random);
  if (random.chance(0.2)) body.idempotency_key = random.pick(['key-1', 'key-2', null]);
  if (random.chance(0.05)) body.infrastructure_document_id = world.id('block_document');
  if (random.chance(0.1)) body.parent_task_run_id = world.id('task_run');
  return {
    request: { method: 'POST', path: `${path}/create_flow_run`, body },
    learn: (reference, ours) => {
      world.learn('flow_run', reference, ours);
    },
  };
}

function remove({ world }: Workshop): Step {
  const id = world.id('deployment');
  return { request: { method: 'DELETE', path: `/deployments/${id}` }, learn: () => world.forget(id) };
}
