import { choose, type Resource } from '../resource.ts';

/** Health, versions, administration without destruction, and paths that do not exist. */
export const root: Resource = {
  name: 'root',
  weight: 0.5,
  step: ({ random }) => {
    const path = random.pick([
      '/health',
      '/version',
      '/hello',
      '/admin/version',
      '/health/',
      '/admin/version/',
      '/nowhere',
      '/',
      '/flows/a/b/c',
      '/flow_runs//',
    ]);
    const database = random.pick(['clear', 'drop', 'create']);
    const body = random.pick([
      {},
      { confirm: false },
      { confirm: 'no' },
      { confirm: 'maybe' },
      { other: true },
      { confirm: null },
      [],
    ]);
    return choose(random, [
      [6, () => ({ request: { method: 'GET', path } })],
      [3, () => ({ request: { method: 'POST', path: `/admin/database/${database}`, body } })],
      [1, () => ({ request: { method: random.pick(['OPTIONS', 'HEAD', 'PUT', 'POST']), path } })],
    ]);
  },
};
