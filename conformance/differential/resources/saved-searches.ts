import type { Sendable } from '../json.ts';
import { choose, filterStep, type Resource, type Step, type Workshop } from '../resource.ts';
import { newName, oddJson } from '../values.ts';

/** Saved searches: upsert by name, reads, deletion. */
export const savedSearches: Resource = {
  name: 'saved-searches',
  weight: 0.5,
  step: (workshop) => {
    const { random, world } = workshop;
    const id = world.id('saved_search');
    return choose(random, [
      [3, () => save(workshop)],
      [2, () => ({ request: { method: 'GET', path: `/saved_searches/${id}` } })],
      [2, () => filterStep(workshop, '/saved_searches/filter', 'NAME_ASC')],
      [
        0.6,
        () => ({
          request: { method: 'DELETE', path: `/saved_searches/${id}` },
          learn: () => world.forget(id),
        }),
      ],
    ]);
  },
};

function save({ random, world }: Workshop): Step {
  const filter = (): Sendable => ({
    object: random.pick(['flow', 'flow_run', '']),
    property: 'name',
    type: 'string',
    operation: 'equals',
    value: random.pick(oddJson),
  });
  const body: { [key: string]: Sendable } = {
    name: random.chance(0.3) ? world.name('saved_search') : newName(random, 's3arch'),
  };
  if (random.chance(0.8)) body.filters = Array.from({ length: random.below(3) }, filter);
  return {
    request: { method: 'PUT', path: '/saved_searches/', body },
    learn: (reference, ours) => {
      world.learn('saved_search', reference, ours);
    },
  };
}
