import { type Json, member, type Sendable } from '../json.ts';
import { choose, filterStep, type Resource, type Step, type Workshop } from '../resource.ts';
import { newName, someTime } from '../values.ts';
import type { World } from '../world.ts';
import { queueBody, queueUpdate, settleTime } from './work-queues.ts';

/** Work pools, their queues, their workers, and the answers to polls. */
export const workPools: Resource = {
  name: 'work-pools',
  weight: 2.5,
  step: (workshop) => {
    const { random, world } = workshop;
    const pool = world.any('work_pool');
    const name = random.chance(0.08) ? 'default-agent-pool' : world.name('work_pool');
    const path = `/work_pools/${encodeURIComponent(name)}`;
    return choose(random, [
      [world.all('work_pool').length < 3 ? 15 : 0.8, () => createPool(workshop)],
      [2, () => ({ request: { method: 'GET', path } })],
      [2, () => filterStep(workshop, '/work_pools/filter', 'NAME_ASC')],
      [2, () => ({ request: { method: 'PATCH', path, body: poolUpdate(workshop) } })],
      [
        0.2,
        () => ({
          request: { method: 'DELETE', path },
          learn: () => world.forget(pool?.name === name ? pool.id : ''),
        }),
      ],
      [4, () => poll(workshop, path)],
      [7, () => queueStep(workshop, path, pool?.name === name ? pool.id : '')],
      [
        1,
        () => ({
          request: {
            method: 'POST',
            path: `${path}/workers/heartbeat`,
            body: { name: random.pick(['worker 1', 'worker 2', '']) },
          },
        }),
      ],
      [
        1,
        () =>
          filterStep(
            workshop,
            `${path}/workers/filter`,
            undefined,
            '/work_pools/{work_pool_name}/workers/filter',
          ),
      ],
    ]);
  },
};

const templates: readonly Sendable[] = [
  {},
  {
    job_configuration: { command: '{{ command }}' },
    variables: { properties: { command: { type: 'string' } }, required: [] },
  },
  {
    job_configuration: { cpu: '{{ cpu }}' },
    variables: { properties: { cpu: { type: 'integer' } }, required: ['cpu'] },
  },
  { job_configuration: { x: '{{ missing }}' }, variables: { properties: {}, required: [] } },
  { job_configuration: {} },
  { variables: {} },
  { other: 1 },
];

function createPool({ random, world }: Workshop): Step {
  const name = random.chance(0.85)
    ? newName(random, 'p00l')
    : random.pick(['Prefect pool', 'prefect-x', 'a/b', world.name('work_pool')]);
  const body: { [key: string]: Sendable } = { name };
  if (random.chance(0.4)) body.type = random.pick(['process', 'prefect-agent', '', null]);
  if (random.chance(0.4)) body.description = random.pick(['About ☃', null]);
  if (random.chance(0.4)) body.base_job_template = random.pick(templates);
  if (random.chance(0.2)) body.is_paused = random.chance(0.5);
  if (random.chance(0.3)) body.concurrency_limit = random.pick([0, 1, 5, null, -1]);
  return {
    request: { method: 'POST', path: '/work_pools/', body },
    learn: (reference, ours) => {
      world.learn('work_pool', reference, ours);
      learnDefaultQueue(world, reference, ours);
    },
  };
}

function learnDefaultQueue(world: World, reference: Json, ours: Json): void {
  const id = (pool: Json): Json => ({ id: member(pool, 'default_queue_id') ?? null, name: 'default' });
  world.learn('pool_queue', id(reference), id(ours));
}

function poolUpdate({ random }: Workshop): Sendable {
  const body: { [key: string]: Sendable } = {};
  if (random.chance(0.3)) body.description = random.pick(['Changed', null]);
  if (random.chance(0.4)) body.is_paused = random.pick([true, false, false, null]);
  if (random.chance(0.4)) body.concurrency_limit = random.pick([0, 1, 2, 10, null, -1]);
  if (random.chance(0.2)) body.base_job_template = random.pick(templates);
  return body;
}

function poll({ random, world }: Workshop, path: string): Step {
  const body: { [key: string]: Sendable } = {};
  if (random.chance(0.4))
    body.work_queue_names = random.pick([
      ['default'],
      [world.name('pool_queue')],
      ['default', 'default'],
      [],
      null,
    ]);
  if (random.chance(0.6))
    body.scheduled_before = random.chance(0.5) ? '2095-01-01T00:00:00+00:00' : someTime(random);
  if (random.chance(0.3)) body.scheduled_after = someTime(random);
  if (random.chance(0.5)) body.limit = random.pick([0, 1, 3, 200, 201]);
  return {
    request: { method: 'POST', path: `${path}/get_scheduled_flow_runs`, body },
    settle: settleTime,
  };
}

function queueStep(workshop: Workshop, pool: string, parent: string): Step {
  const { random, world } = workshop;
  const queues = `${pool}/queues`;
  const queue = world.any('pool_queue');
  const name = random.chance(0.2) ? 'default' : (queue?.name ?? 'absent');
  const path = `${queues}/${encodeURIComponent(name)}`;
  return choose(random, [
    [
      2,
      () => ({
        request: { method: 'POST', path: queues, body: queueBody(workshop) },
        learn: (reference, ours) => {
          world.learn('pool_queue', reference, ours, { parent });
        },
      }),
    ],
    [2, () => ({ request: { method: 'GET', path } })],
    [2, () => ({ request: { method: 'PATCH', path, body: queueUpdate(workshop) } })],
    [0.3, () => ({ request: { method: 'DELETE', path } })],
    [
      2,
      () => filterStep(workshop, `${queues}/filter`, undefined, '/work_pools/{work_pool_name}/queues/filter'),
    ],
  ]);
}
