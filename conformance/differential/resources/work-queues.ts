import type { Sendable } from '../json.ts';
import { choose, filterStep, type Resource, type Step, type Workshop } from '../resource.ts';
import { newName, someTime, tags } from '../values.ts';

/** Milliseconds until both servers have recorded a poll, which they do after their answer. */
export const settleTime = 250;

/** Work queues without a pool: by name, with and without the old filter, polls, status. */
export const workQueues: Resource = {
  name: 'work-queues',
  weight: 1.5,
  step: (workshop) => {
    const { random, world } = workshop;
    const id = world.id('work_queue');
    const path = `/work_queues/${id}`;
    return choose(random, [
      [world.all('work_queue').length < 4 ? 15 : 1, () => create(workshop)],
      [2, () => ({ request: { method: 'GET', path } })],
      [
        2,
        () => ({
          request: {
            method: 'GET',
            path: `/work_queues/name/${encodeURIComponent(world.name('work_queue'))}`,
          },
        }),
      ],
      [3, () => ({ request: { method: 'PATCH', path, body: loneQueueUpdate(workshop) } })],
      [4, () => poll(workshop, path)],
      [2, () => filterStep(workshop, '/work_queues/filter', 'NAME_ASC')],
      [2, () => ({ request: { method: 'GET', path: `${path}/status` } })],
      [0.4, () => ({ request: { method: 'DELETE', path }, learn: () => world.forget(id) })],
    ]);
  },
};

function create(workshop: Workshop): Step {
  const { random, world } = workshop;
  return {
    request: {
      method: 'POST',
      path: '/work_queues/',
      body: queueBody(workshop, random.chance(0.1) ? world.name('work_queue') : undefined),
    },
    learn: (reference, ours) => {
      world.learn('work_queue', reference, ours);
    },
  };
}

/** A new queue, in a pool or without one. */
export function queueBody({ random, world }: Workshop, name = newName(random, 'w9q')): Sendable {
  const body: { [key: string]: Sendable } = { name: random.chance(0.97) ? name : 'a/b' };
  if (random.chance(0.3)) body.description = random.pick(['About ☃', '']);
  if (random.chance(0.2)) body.is_paused = random.chance(0.5);
  if (random.chance(0.3)) body.concurrency_limit = random.pick([0, 1, 2, 10, null, -1]);
  if (random.chance(0.2)) body.priority = random.pick([1, 2, 3, 100, 0, null]);
  if (random.chance(0.25)) body.filter = oldFilter({ random, world });
  return body;
}

function oldFilter({ random, world }: Pick<Workshop, 'random' | 'world'>): Sendable {
  return random.pick<Sendable>([
    { tags: random.some(tags, 0.2) },
    { deployment_ids: [world.any('deployment')?.id ?? 'nonsense'] },
    { tags: null, deployment_ids: null },
    {},
    null,
  ]);
}

/** Changes to a queue. */
export function queueUpdate({ random, world }: Workshop): { [key: string]: Sendable } {
  const body: { [key: string]: Sendable } = {};
  if (random.chance(0.2)) body.name = random.chance(0.8) ? newName(random, 'w9q') : world.name('work_queue');
  if (random.chance(0.3)) body.description = 'Changed';
  if (random.chance(0.3)) body.is_paused = random.chance(0.3);
  if (random.chance(0.4)) body.concurrency_limit = random.pick([0, 1, 5, null, -1]);
  if (random.chance(0.3)) body.priority = random.pick([1, 2, 3, 9, 0, null]);
  if (random.chance(0.15)) body.last_polled = someTime(random);
  if (random.chance(0.15)) body.filter = oldFilter({ random, world });
  return body;
}

/** This route sets a priority without regard to others. Queues that share one are in no order for the reference on Postgres. */
function loneQueueUpdate(workshop: Workshop): Sendable {
  const body = queueUpdate(workshop);
  const shared = 'priority' in body && body.priority !== null;
  return shared ? { ...body, priority: 1000 + workshop.random.below(1_000_000) } : body;
}

function poll({ random }: Workshop, path: string): Step {
  const body: { [key: string]: Sendable } = {};
  if (random.chance(0.7)) body.limit = random.pick([0, 1, 5, 200, 201]);
  if (random.chance(0.6))
    body.scheduled_before = random.chance(0.5) ? '2095-01-01T00:00:00+00:00' : someTime(random);
  if (random.chance(0.2))
    body.agent_id = random.pick([
      '00000000-0000-4000-8000-0000000000a1',
      '00000000-0000-4000-8000-0000000000a2',
      null,
    ]);
  const headers = random.chance(0.3)
    ? { headers: { 'x-prefect-ui': random.pick(['true', 'false', '1', 'maybe']) } }
    : {};
  return {
    request: { method: 'POST', path: `${path}/get_runs`, body, ...headers },
    list: { defaultSort: 'NEXT_SCHEDULED_START_TIME_ASC' },
    settle: settleTime,
  };
}
