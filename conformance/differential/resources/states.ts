import { learnList } from '../learn.ts';
import { choose, type Resource } from '../resource.ts';

/** States of flow runs and task runs: one, and the history of a run. */
export const states: Resource = {
  name: 'states',
  weight: 2,
  step: ({ random, world }) => {
    const kind = random.pick(['flow_run', 'task_run']);
    const path = `/${kind}_states/`;
    return choose(random, [
      [2, () => ({ request: { method: 'GET', path: `${path}${world.id(`${kind}_state`)}` } })],
      [
        4,
        () => ({
          request: { method: 'GET', path: `${path}?${kind}_id=${world.id(kind)}` },
          learn: (reference, ours) => learnList(world, `${kind}_state`, reference, ours),
        }),
      ],
      [0.3, () => ({ request: { method: 'GET', path } })],
    ]);
  },
};
