import { type RunStateDetails, STATE_TYPES, type StateType, TERMINAL_STATE_TYPES } from '@mintaka/contract';
import type { RunPatch } from './context.ts';
import type { Decision } from './decision.ts';

/** A state's type, or null for a run that has no state. */
export type StateTypeOrNone = StateType | null;

/**
 * One reason to accept or refuse a transition. It applies if the run is in a type of `from` and the client proposed one of
 * `to`, unless an earlier rule has changed the type of the proposal.
 */
export type Rule<Change, Ports> = {
  readonly from: readonly StateTypeOrNone[];
  readonly to: readonly StateTypeOrNone[];
  /** Uses plain data; only if that is not sufficient, calls a port and returns a promise. */
  readonly decide: (change: Change, ports: Ports) => Decision | Promise<Decision>;
};

/** What is recorded on the run and in the state whenever a state is written, forced or not. */
export type Bookkeeping<Change, Ports> = {
  /** Changes of the run. */
  readonly patch?: (change: Change) => RunPatch | undefined;
  /** Additions to the state's details. */
  readonly details?: (change: Change) => Partial<RunStateDetails> | undefined;
  /** What to do through a port once the state is fixed; undefined for nothing. */
  readonly effect?: (change: Change, ports: Ports) => Promise<void> | undefined;
};

/** An ordered list of rules, and the bookkeeping that follows. */
export type Policy<Change, Ports> = {
  readonly rules: readonly Rule<Change, Ports>[];
  readonly bookkeeping: readonly Bookkeeping<Change, Ports>[];
};

/** Every type, and no state at all. */
export const ANY: readonly StateTypeOrNone[] = [null, ...STATE_TYPES];

/** The types that end a run. */
export const TERMINAL: readonly StateTypeOrNone[] = TERMINAL_STATE_TYPES;

/** Whether a rule applies to a transition from one type to another. */
export function governs(
  rule: Pick<Rule<never, never>, 'from' | 'to'>,
  from: StateTypeOrNone,
  to: StateType,
): boolean {
  return rule.from.includes(from) && rule.to.includes(to);
}
