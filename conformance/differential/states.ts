import type { Sendable } from './json.ts';
import type { Random } from './random.ts';
import { futureTimes, oddJson, pastTimes, someTime, stateNames, stateTypes } from './values.ts';
import { missingId, type World } from './world.ts';

const likelyTypes = [
  ...stateTypes,
  'RUNNING',
  'RUNNING',
  'RUNNING',
  'COMPLETED',
  'FAILED',
  'PENDING',
  'SCHEDULED',
  'PAUSED',
];

/**
 * A state as a client proposes it; with data only if allowed, because the reference cannot create a run in a state with data.
 */
export function someState(random: Random, world: World, withData = false): { [key: string]: Sendable } {
  const type = random.pick(likelyTypes);
  const state: { [key: string]: Sendable } = { type };
  if (random.chance(0.3)) state.name = random.pick([...stateNames, null]);
  if (type === 'SCHEDULED' && random.chance(0.4)) state.name = 'AwaitingRetry';
  if (random.chance(0.3)) state.message = random.pick(['All well', 'ünï ☃', '', null]);
  if (withData && random.chance(0.3)) state.data = random.pick(oddJson);
  if (random.chance(0.05)) state.timestamp = someTime(random);
  if (random.chance(0.05)) state.id = missingId;
  if (random.chance(0.6)) state.state_details = someDetails(random, world, type);
  return state;
}

function someDetails(random: Random, world: World, type: string): Sendable {
  const details: { [key: string]: Sendable } = {};
  if (type === 'SCHEDULED' || random.chance(0.05)) {
    details.scheduled_time = random.pick([...pastTimes, ...futureTimes, null]);
  }
  if (type === 'PAUSED' && random.chance(0.9)) {
    details.pause_timeout = random.pick([...futureTimes, ...futureTimes, pastTimes[1], null]);
    details.pause_key = random.pick(['first', 'second', 'third', '4', null]);
    details.pause_reschedule = random.chance(0.3);
  }
  if (random.chance(0.3)) details.cache_key = random.pick(['cache-a', 'cache-b', 'cache-c', '', null]);
  if (random.chance(0.15)) details.cache_expiration = random.pick([...futureTimes, pastTimes[0], null]);
  if (random.chance(0.1)) details.refresh_cache = random.pick([true, false, null]);
  if (random.chance(0.1)) details.untrackable_result = random.chance(0.5);
  if (random.chance(0.05)) details.flow_run_id = world.any('flow_run')?.id ?? missingId;
  if (random.chance(0.05)) details.task_run_id = world.any('task_run')?.id ?? missingId;
  if (random.chance(0.03)) details.child_flow_run_id = world.any('flow_run')?.id ?? missingId;
  return details;
}

/** A body for set_state. */
export function setStateBody(random: Random, world: World): { [key: string]: Sendable } {
  const body: { [key: string]: Sendable } = { state: someState(random, world, true) };
  if (random.chance(0.25)) body.force = random.chance(0.6);
  return body;
}
