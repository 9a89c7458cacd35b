import { fileURLToPath } from 'node:url';
import type { Reference } from '@mintaka/testing/reference';

/** Scripts and their scenarios; each entry is one process. */
export const quickScenarios: readonly (readonly string[])[] = [
  [
    'scenarios.py',
    'mapped',
    'sequential',
    'asynchronous',
    'task_retries',
    'flow_retries',
    'subflows',
    'cached',
    'failures',
  ],
  [
    'scenarios.py',
    'pauses',
    'pause_timeout',
    'cancellation',
    'results',
    'logs',
    'names',
    'parameters',
    'limits',
    'timeouts',
    'crashes',
  ],
];

/** Scenarios in which an agent or a worker runs deployments; the server's scheduler must be on. */
const deployedScenarios: readonly (readonly string[])[] = [
  ['deployed.py', 'completed', 'pooled', 'worked', 'scheduled'],
];

/** Scenarios that wait long. */
const slowScenarios: readonly (readonly string[])[] = [
  ['deployed.py', 'cancelled', 'paused'],
  ['scenarios.py', 'waiting'],
];

/** The part of the scenarios to run; `usual` is the one of every test run. */
export type ScenarioPart = 'quick' | 'deployed' | 'usual' | 'slow' | 'all';

/** The parts. */
export const parts: readonly ScenarioPart[] = ['quick', 'deployed', 'usual', 'slow', 'all'];

/** The scenarios of each part. */
export const scenarioParts: Readonly<Record<ScenarioPart, readonly (readonly string[])[]>> = {
  quick: quickScenarios,
  deployed: deployedScenarios,
  usual: [...quickScenarios, ...deployedScenarios],
  slow: slowScenarios,
  all: [...quickScenarios, ...deployedScenarios, ...slowScenarios],
};

/** How one process of scenarios ended on one server. */
export type Played = { scenarios: string; status: number | null; output: string };

/** Runs scenarios on a server, one process after the other. */
export async function play(
  reference: Reference,
  server: { url: string },
  scripts: readonly (readonly string[])[],
): Promise<Played[]> {
  const played: Played[] = [];
  for (const [script = '', ...names] of scripts) {
    const file = fileURLToPath(new URL(script, import.meta.url));
    const { status, stdout, stderr } = await reference.run(server, [file, ...names], { timeout: 600_000 });
    played.push({ scenarios: names.join(' '), status, output: `${stdout}${stderr}` });
  }
  return played;
}
