import type { RunStateDetails } from '@mintaka/contract';
import type { Proposal, RunPatch } from './context.ts';

/** The consequences of a decision. They are dropped if a later rule decides otherwise. */
export type Consequences = {
  /** Changes of the run that later rules and the bookkeeping see. */
  patch?: RunPatch;
  /** Changes of the run after the bookkeeping. */
  closingPatch?: RunPatch;
  /** What to do through a port once the outcome is fixed, before the answer. */
  effect?: () => Promise<void>;
};

/**
 * The decision of a rule about a transition.
 * - `accept`: no objection.
 * - `rename`, `amend`: accepted, with another name or other details of the proposed state.
 * - `reject`: another state is set instead; null keeps the current one.
 * - `wait`: nothing changes; the client must retry after a number of seconds.
 * - `abort`: nothing changes; the client must stop.
 */
export type Decision = Consequences &
  (
    | { kind: 'accept' }
    | { kind: 'rename'; name: string }
    | { kind: 'amend'; details: Partial<RunStateDetails> }
    | { kind: 'reject'; state: Proposal | null; reason: string }
    | { kind: 'wait'; seconds: number; reason: string }
    | { kind: 'abort'; reason: string }
  );

const accepted: Decision = { kind: 'accept' };

/** Nothing against the transition. */
export function accept(consequences?: Consequences): Decision {
  return consequences === undefined ? accepted : { kind: 'accept', ...consequences };
}

/** Accepted under another name. */
export function rename(name: string, consequences?: Consequences): Decision {
  return { kind: 'rename', name, ...consequences };
}

/** Accepted with other details. */
export function amend(details: Partial<RunStateDetails>): Decision {
  return { kind: 'amend', details };
}

/** Sets another state instead of the proposed one; null keeps the current one. */
export function reject(state: Proposal | null, reason: string, consequences?: Consequences): Decision {
  return { kind: 'reject', state, reason, ...consequences };
}

/** Too early: the client must retry after `seconds` (an integer). */
export function wait(seconds: number, reason: string): Decision {
  return { kind: 'wait', seconds, reason };
}

/** Refused: the client must stop. */
export function abort(reason: string, consequences?: Consequences): Decision {
  return { kind: 'abort', reason, ...consequences };
}
