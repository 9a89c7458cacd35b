import type { StateResponse } from '../../database/codecs/state.ts';
import type { RunInTransition } from '../../database/dialects/state-change.ts';
import type { RunColumns } from '../../orchestration/context.ts';
import type {
  TransitionDetails,
  TransitionResult,
  TransitionStatus,
} from '../../orchestration/transition.ts';
import { keptState, wireState } from './write-state.ts';

/** What became of a proposal, as the API answers it. */
export type OrchestrationResult = {
  state: StateResponse | null;
  status: TransitionStatus;
  details: TransitionDetails;
  /** Whether this request wrote a state; no part of the answer's body. */
  wrote: boolean;
};

/** A transition's result as the API answers it. */
export function resultOf(run: RunInTransition, result: TransitionResult<RunColumns>): OrchestrationResult {
  return {
    state: result.state === undefined ? keptState(run) : wireState(result.state),
    status: result.status,
    details: result.details,
    wrote: result.state !== undefined,
  };
}
