import {
  addSeconds,
  defaultStateName,
  JSON_NULL,
  type JsonText,
  NO_STATE_DETAILS,
  type RunState,
  STATE_NAMES,
  type StateType,
  type Timestamp,
} from '@mintaka/contract';
import type { CurrentState, Proposal } from './context.ts';

/**
 * The complete proposed state: with its own id, the current time as its timestamp, and, if the proposal does not set them,
 * the default name of its type and a scheduled time of now.
 */
export function completeState(proposal: Proposal, id: string, timestamp: Timestamp): RunState {
  const state_details = { ...NO_STATE_DETAILS, ...proposal.state_details };
  if (proposal.type === 'SCHEDULED') state_details.scheduled_time ??= timestamp;
  return {
    id,
    type: proposal.type,
    name: proposal.name ?? defaultStateName(proposal.type),
    timestamp,
    message: proposal.message ?? null,
    data: proposal.data ?? JSON_NULL,
    state_details,
  };
}

/**
 * The timestamp of a new state: now, or one microsecond after the current state if the clock has not passed its timestamp.
 * The states of a run are ordered by timestamp and no two may be equal, even if a clock is set back or the clocks of two
 * servers differ.
 */
export function stateTimestamp(now: Timestamp, current: Pick<CurrentState, 'timestamp'> | null): Timestamp {
  return current !== null && current.timestamp >= now ? addSeconds(current.timestamp, 1e-6) : now;
}

/** A proposal to retry at a given time; it keeps the message and data of the failure. */
export function awaitingRetry(
  scheduledTime: Timestamp,
  failure: { message: string | null; data: JsonText } = { message: null, data: JSON_NULL },
): Proposal {
  return {
    type: 'SCHEDULED',
    name: STATE_NAMES.awaitingRetry,
    message: failure.message,
    data: failure.data,
    state_details: { scheduled_time: scheduledTime },
  };
}

/** How API messages write a state's type. */
export function typeInMessage(type: StateType | null): string {
  return type === null ? 'None' : `StateType.${type}`;
}
