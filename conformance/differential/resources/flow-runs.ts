import type { Sendable } from '../json.ts';
import { learnState } from '../learn.ts';
import { someVersion } from '../mutate.ts';
import type { Random } from '../random.ts';
import { choose, filterStep, historyStep, type Resource, type Step, type Workshop } from '../resource.ts';
import { setStateBody, someState } from '../states.ts';
import { newName, someObject, someTags } from '../values.ts';

/** Flow runs: idempotent creation, updates, states, pauses, graph, history, filters, deletion. */
export const flowRuns: Resource = {
  name: 'flow-runs',
  weight: 5,
  step: (workshop) => {
    const { random, world } = workshop;
    const path = `/flow_runs/${world.id('flow_run')}`;
    return choose(random, [
      [world.all('flow_run').length < 12 ? 30 : 4, () => createFlowRun(workshop)],
      [3, () => ({ request: { method: 'GET', path } })],
      [3, () => ({ request: { method: 'PATCH', path, body: updateBody(random) } })],
      [12, () => setState(workshop, path)],
      [2, () => ({ request: { method: 'POST', path: `${path}/resume` } })],
      [2, () => ({ request: { method: 'GET', path: `${path}/graph` }, list: { defaultSort: undefined } })],
      [world.all('flow_run').length > 20 ? 2 : 0.2, () => deleteFlowRun(workshop)],
      [8, () => filterStep(workshop, '/flow_runs/filter', 'ID_DESC')],
      [4, () => filterStep(workshop, '/flow_runs/count')],
      [3, () => historyStep(workshop, '/flow_runs/history')],
    ]);
  },
};

function createFlowRun({ random, world }: Workshop): Step {
  const flow = world.id('flow');
  const body: { [key: string]: Sendable } = { flow_id: flow };
  if (random.chance(0.9)) body.name = newName(random, 'rv9');
  if (random.chance(0.6)) body.state = someState(random, world);
  if (random.chance(0.4)) body.parameters = someObject(random);
  if (random.chance(0.3)) body.context = someObject(random);
  if (random.chance(0.5)) body.tags = someTags(random);
  if (random.chance(0.3)) body.flow_version = random.pick(['1', 'v2', null]);
  if (random.chance(0.5)) body.empirical_policy = somePolicy(random);
  if (random.chance(0.3)) body.idempotency_key = random.pick(['key-1', 'key-2', 'key-3', null]);
  if (random.chance(0.15)) body.parent_task_run_id = world.id('task_run');
  if (random.chance(0.15))
    body.deployment_id = world.all('deployment').length > 0 ? world.id('deployment') : null;
  if (random.chance(0.03)) body.infrastructure_document_id = world.id('block_document');
  const headers = random.chance(0.05) ? { headers: { 'x-prefect-api-version': someVersion(random) } } : {};
  return {
    request: { method: 'POST', path: '/flow_runs/', body, ...headers },
    learn: (reference, ours) => {
      world.learn('flow_run', reference, ours, { parent: flow });
    },
  };
}

/** How a flow run retries; delays are far from the time that passes between two requests. */
function somePolicy(random: Random): Sendable {
  const policy: { [key: string]: Sendable } = {};
  if (random.chance(0.7)) policy.retries = random.pick([0, 1, 2, null]);
  if (random.chance(0.5)) policy.retry_delay = random.pick([0, 0, 3000, null]);
  if (random.chance(0.15)) policy.max_retries = random.pick([0, 1, 3]);
  if (random.chance(0.15)) policy.retry_delay_seconds = random.pick([0, 3000.5]);
  if (random.chance(0.1)) policy.pause_keys = random.pick([[], ['first'], null]);
  if (random.chance(0.1)) policy.resuming = random.pick([true, false, null]);
  return policy;
}

function updateBody(random: Random): Sendable {
  const body: { [key: string]: Sendable } = {};
  if (random.chance(0.5)) body.name = random.chance(0.95) ? newName(random, 'rv9') : '';
  if (random.chance(0.3)) body.flow_version = random.pick(['1', 'v2', null]);
  if (random.chance(0.3)) body.parameters = someObject(random);
  if (random.chance(0.3)) body.empirical_policy = somePolicy(random);
  if (random.chance(0.4)) body.tags = someTags(random);
  if (random.chance(0.2)) body.infrastructure_pid = random.pick(['host:123', null]);
  return body;
}

function setState({ random, world }: Workshop, path: string): Step {
  const headers = random.chance(0.1) ? { headers: { 'x-prefect-api-version': someVersion(random) } } : {};
  return {
    request: { method: 'POST', path: `${path}/set_state`, body: setStateBody(random, world), ...headers },
    learn: (reference, ours) => learnState(world, 'flow_run_state', reference, ours),
  };
}

function deleteFlowRun({ world }: Workshop): Step {
  const id = world.id('flow_run');
  return { request: { method: 'DELETE', path: `/flow_runs/${id}` }, learn: () => world.forget(id) };
}
