import { choose, filterStep, type Resource, type Step, type Workshop } from '../resource.ts';
import { limitedTags, tags } from '../values.ts';

/** Limits of task runs by tag; taken slots are compared too. */
export const concurrencyLimits: Resource = {
  name: 'concurrency-limits',
  weight: 1,
  step: (workshop) => {
    const { random, world } = workshop;
    const tag = encodeURIComponent(random.pick([...tags, 'absent']));
    return choose(random, [
      [3, () => upsert(workshop)],
      [
        2,
        () => ({ request: { method: 'GET', path: `/concurrency_limits/${world.id('concurrency_limit')}` } }),
      ],
      [3, () => ({ request: { method: 'GET', path: `/concurrency_limits/tag/${tag}` } })],
      [
        1,
        () => ({
          request: {
            method: 'POST',
            path: `/concurrency_limits/tag/${tag}/reset`,
            // Our server assigns the slots of ended task runs to others; the reference does not.
            body: random.chance(0.5) ? {} : { slot_override: random.some(['nonsense'], 0.05) },
          },
        }),
      ],
      [2, () => filterStep(workshop, '/concurrency_limits/filter', 'TAG_ASC')],
      [0.5, () => ({ request: { method: 'DELETE', path: `/concurrency_limits/tag/${tag}` } })],
      [0.5, () => remove(workshop)],
    ]);
  },
};

function upsert({ random, world }: Workshop): Step {
  const body = { tag: random.pick(limitedTags), concurrency_limit: random.pick([0, 1, 1, 2, 3, 10]) };
  return {
    request: { method: 'POST', path: '/concurrency_limits/', body },
    learn: (reference, ours) => {
      world.learn('concurrency_limit', reference, ours);
    },
  };
}

function remove({ world }: Workshop): Step {
  const id = world.id('concurrency_limit');
  return { request: { method: 'DELETE', path: `/concurrency_limits/${id}` }, learn: () => world.forget(id) };
}
