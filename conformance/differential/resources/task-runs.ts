import type { Sendable } from '../json.ts';
import { learnState } from '../learn.ts';
import type { Random } from '../random.ts';
import { choose, filterStep, historyStep, type Resource, type Step, type Workshop } from '../resource.ts';
import { setStateBody, someState } from '../states.ts';
import { futureTimes, newName, pastTimes, taskRunTags } from '../values.ts';
import type { World } from '../world.ts';

/** Task runs: idempotent creation, updates, states with caches and concurrency limits, history, filters, deletion. */
export const taskRuns: Resource = {
  name: 'task-runs',
  weight: 5,
  step: (workshop) => {
    const { random, world } = workshop;
    const path = `/task_runs/${world.id('task_run')}`;
    return choose(random, [
      [world.all('task_run').length < 12 ? 30 : 4, () => createTaskRun(workshop)],
      [3, () => ({ request: { method: 'GET', path } })],
      [
        2,
        () => ({
          request: {
            method: 'PATCH',
            path,
            body: random.chance(0.9) ? { name: newName(random, 't4sk') } : {},
          },
        }),
      ],
      [14, () => setState(workshop, path)],
      [world.all('task_run').length > 30 ? 2 : 0.2, () => deleteTaskRun(workshop)],
      [7, () => filterStep(workshop, '/task_runs/filter', 'ID_DESC')],
      [3, () => filterStep(workshop, '/task_runs/count')],
      [2, () => historyStep(workshop, '/task_runs/history')],
    ]);
  },
};

function createTaskRun({ random, world }: Workshop): Step {
  const flowRun = world.id('flow_run');
  const body: { [key: string]: Sendable } = {
    flow_run_id: flowRun,
    task_key: random.pick(['task.a', 'task.b', 'ünï']),
    dynamic_key: `${random.below(40)}`,
  };
  if (random.chance(0.9)) body.name = newName(random, 't4sk');
  if (random.chance(0.5)) body.state = someState(random, world);
  if (random.chance(0.2)) body.cache_key = random.pick(['cache-a', 'cache-b', null]);
  if (random.chance(0.1)) body.cache_expiration = random.pick([...futureTimes, pastTimes[0], null]);
  if (random.chance(0.2)) body.task_version = random.pick(['1', 'v2', null]);
  if (random.chance(0.5)) body.empirical_policy = somePolicy(random);
  if (random.chance(0.6)) body.tags = taskRunTags(random);
  if (random.chance(0.4)) body.task_inputs = someInputs(random, world);
  return {
    request: { method: 'POST', path: '/task_runs/', body },
    learn: (reference, ours) => {
      world.learn('task_run', reference, ours, { parent: flowRun });
    },
  };
}

/** The retries of a task run; with jitter only if there is no delay, because jitter is random. */
function somePolicy(random: Random): Sendable {
  const policy: { [key: string]: Sendable } = {};
  if (random.chance(0.7)) policy.retries = random.pick([0, 1, 2, null]);
  const delay = random.pick([0, 0, 3000, [0], [3000, 0], [], null]);
  if (random.chance(0.5)) policy.retry_delay = delay;
  else if (random.chance(0.2)) policy.retry_jitter_factor = random.pick([0, 0.5, -1, null]);
  if (random.chance(0.15)) policy.max_retries = random.pick([0, 1, 3]);
  if (random.chance(0.1)) policy.retry_delay_seconds = random.pick([0, 3000.5]);
  return policy;
}

function someInputs(random: Random, world: World): Sendable {
  const inputs = () =>
    Array.from({ length: random.below(3) }, (): Sendable => {
      const id = random.chance(0.9) ? world.any('task_run')?.id : 'nonsense';
      return random.pick<Sendable>([
        { input_type: 'task_run', id: id ?? 'nonsense' },
        { input_type: 'task_run', id: id ?? 'nonsense' },
        { input_type: 'parameter', name: 'x' },
        { input_type: 'constant', type: 'int' },
        { id: id ?? 'nonsense' },
        { name: 'y' },
        { type: 'str' },
      ]);
    });
  return Object.fromEntries(random.some(['x', 'y', 'wait_for']).map((key) => [key, inputs()]));
}

function setState({ random, world }: Workshop, path: string): Step {
  return {
    request: { method: 'POST', path: `${path}/set_state`, body: setStateBody(random, world) },
    learn: (reference, ours) => learnState(world, 'task_run_state', reference, ours),
  };
}

function deleteTaskRun({ world }: Workshop): Step {
  const id = world.id('task_run');
  return { request: { method: 'DELETE', path: `/task_runs/${id}` }, learn: () => world.forget(id) };
}
