import type { Sendable } from '../json.ts';
import { choose, filterStep, type Resource, type Step, type Workshop } from '../resource.ts';
import { missingId } from '../world.ts';

/** Logs: many at once, and filters. */
export const logs: Resource = {
  name: 'logs',
  weight: 1,
  step: (workshop) =>
    choose(workshop.random, [
      [2, () => createLogs(workshop)],
      [3, () => filterStep(workshop, '/logs/filter', 'TIMESTAMP_ASC')],
    ]),
};

let lines = 0;

function createLogs({ random, world }: Workshop): Step {
  const count = random.pick([0, 1, 2, 3, 5, 20, 150]);
  const flowRun = world.any('flow_run')?.id ?? missingId;
  const body = Array.from({ length: count }, (): Sendable => {
    lines += 1;
    return {
      name: random.pick(['prefect.flow_runs', 'prefect.task_runs', 'own']),
      level: random.pick([10, 20, 30, 40, 50]),
      message: `line ${lines} ${random.pick(['', 'ünï ☃', '\n\t', '"quoted"'])}`,
      timestamp: new Date(Date.UTC(2020, 0, 1) + lines * 1001).toISOString(),
      flow_run_id: random.chance(0.9) ? flowRun : world.id('flow_run'),
      ...(random.chance(0.5)
        ? { task_run_id: random.chance(0.9) ? (world.any('task_run')?.id ?? null) : null }
        : {}),
    };
  });
  return { request: { method: 'POST', path: '/logs/', body } };
}
