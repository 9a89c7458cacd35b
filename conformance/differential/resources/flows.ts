import { choose, filterStep, type Resource, type Step, type Workshop } from '../resource.ts';
import { newName, someTags } from '../values.ts';

/** Flows: upsert by name, tags, reads, filters, deletion. */
export const flows: Resource = {
  name: 'flows',
  weight: 2,
  step: (workshop) => {
    const { random, world } = workshop;
    const path = `/flows/${world.id('flow')}`;
    return choose(random, [
      [world.all('flow').length < 8 ? 30 : 3, () => createFlow(workshop)],
      [1, () => createFlow(workshop, world.name('flow'))],
      [2, () => ({ request: { method: 'GET', path } })],
      [
        1,
        () => ({ request: { method: 'GET', path: `/flows/name/${encodeURIComponent(world.name('flow'))}` } }),
      ],
      [
        2,
        () => ({
          request: { method: 'PATCH', path, body: random.chance(0.9) ? { tags: someTags(random) } : {} },
        }),
      ],
      [world.all('flow').length > 8 ? 0.5 : 0, () => deleteFlow(workshop)],
      [4, () => filterStep(workshop, '/flows/filter', 'NAME_ASC')],
      [2, () => filterStep(workshop, '/flows/count')],
    ]);
  },
};

function createFlow({ random, world }: Workshop, name = newName(random, 'fl0w')): Step {
  const tags = random.chance(0.6) ? { tags: someTags(random) } : {};
  return {
    request: { method: 'POST', path: '/flows/', body: { name, ...tags } },
    learn: (reference, ours) => {
      world.learn('flow', reference, ours);
    },
  };
}

function deleteFlow({ world }: Workshop): Step {
  const id = world.id('flow');
  return { request: { method: 'DELETE', path: `/flows/${id}` }, learn: () => world.forget(id) };
}
